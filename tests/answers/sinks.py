"""Answers to the exercises on sinks."""

from answers import Answer

ANSWERS = (
    Answer(
        "sinks",
        "sin checkpoint, y encima de lo que había",
        (
            (
                'calor.writeStream.format("json")\n    .option("path", SALIDA)\n'
                '    .option("checkpointLocation", CHECKPOINT)\n',
                "calor.writeStream.foreachBatch(\n"
                '        lambda f, n: f.write.mode("overwrite").json(SALIDA)\n    )\n',
            ),
        ),
        "Tu consulta no apunta lo que ha hecho",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

"""Answers to the exercises on triggers."""

from answers import Answer

_ASKS = 'cuantos, euros = tabla.selectExpr("count(*)", "sum(euros)").first()'
_CSV = """    spark.readStream.format("csv")
    .schema("linea STRING, viajeros INT")
    .option("sep", ";")
    .load(ENTRADA)
"""

ANSWERS = (
    Answer(
        "triggers",
        "con options y sin nombrar el formato",
        (
            ('.format("text")\n    .option("maxFilesPerTrigger", 2)\n', ".options(\n"),
            ("    .load(ENTRADA)", "        maxFilesPerTrigger=2\n    ).text(ENTRADA)"),
        ),
    ),
    Answer(
        "triggers",
        "con once, que no hace caso del límite",
        (("availableNow=True", "once=True"),),
        "Tu programa ha escrito 1 tabla con filas",
    ),
    Answer(
        "triggers-cinco",
        "con dos cuentas de una tabla guardada",
        (
            (
                _ASKS,
                "tabla.persist()\n    cuantos = tabla.count()\n"
                '    euros = tabla.groupBy().sum("euros").first()[0]\n    tabla.unpersist()',
            ),
        ),
    ),
    Answer(
        "triggers-cinco",
        "suma Python",
        (
            (
                _ASKS,
                "filas = tabla.collect()\n"
                "    cuantos, euros = len(filas), sum(fila.euros for fila in filas)",
            ),
        ),
    ),
    Answer(
        "triggers-cinco",
        "con SQL, y el límite en options",
        (
            (
                _ASKS,
                'pregunta = "SELECT count(*), sum(euros) FROM {pedidos}"\n'
                "    cuantos, euros = tabla.sparkSession.sql(pregunta, pedidos=tabla).first()",
            ),
            ('.option("maxFilesPerTrigger", 3)', '.options(maxFilesPerTrigger="3")'),
        ),
    ),
    Answer(
        "triggers-cinco",
        "con once, que no hace caso del límite",
        (("availableNow=True", "once=True"),),
        "Lo que lee en cada micro-batch: sobra |0|",
    ),
    Answer(
        "triggers-cinco",
        "numerados desde 1",
        (("micro-batch {numero}", "micro-batch {numero + 1}"),),
        "falta |1|micro-batch 0: ",
    ),
    Answer(
        "triggers-cinco",
        "euros con decimales",
        (("euros INT", "euros DOUBLE"),),
        "Lo que imprime: falta |1|micro-batch 0: ",
    ),
    Answer(
        "triggers-cinco",
        "cinco líneas, de un solo micro-batch",
        (
            ('    .option("maxFilesPerTrigger", 3)\n', ""),
            (
                "    print(\n",
                "    for trozo in range(5):\n"
                '        print(f"micro-batch {trozo}: 4 pedidos, 61 euros")\n'
                "    print(\n",
            ),
        ),
        "Lo que lee en cada micro-batch: falta |4|",
    ),
    Answer(
        "triggers-cron",
        "con SQL",
        (
            (
                'viajes.groupBy("linea").agg(\n    suma("viajeros").alias("viajeros")\n)',
                "spark.sql(\n"
                '    "SELECT linea, sum(viajeros) AS viajeros FROM {viajes} "\n'
                '    "GROUP BY linea",\n    viajes=viajes,\n)',
            ),
        ),
    ),
    Answer(
        "triggers-cron",
        "sin trigger, y parada al acabar",
        (
            ("    .trigger(availableNow=True)\n", ""),
            ("consulta.awaitTermination()", "consulta.processAllAvailable()\nconsulta.stop()"),
        ),
    ),
    Answer(
        "triggers-cron",
        "con split y cast",
        (
            (
                _CSV,
                "    spark.readStream.text(ENTRADA).selectExpr(\n"
                "        \"split(value, ';')[0] AS linea\",\n"
                "        \"CAST(split(value, ';')[1] AS INT) AS viajeros\",\n    )\n",
            ),
        ),
    ),
    Answer(
        "triggers-cron",
        "cada noche, otra carpeta de apuntes",
        (
            ("import os\n", "import os\nimport tempfile\n"),
            ('"checkpointLocation", CHECKPOINT', '"checkpointLocation", tempfile.mkdtemp()'),
        ),
        "|2|",
    ),
    Answer(
        "triggers-cron",
        "el máximo",
        (
            ("import sum as suma", "import max as mayor"),
            ('suma("viajeros")', 'mayor("viajeros")'),
        ),
        "Tabla 1: falta |L",
    ),
    Answer(
        "triggers-cron",
        "con show",
        (('.format("console")', ".foreachBatch(lambda tabla, _: tabla.show())"),),
        "las columnas son |vez|líneas leídas| y deben ser |linea|viajeros|",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

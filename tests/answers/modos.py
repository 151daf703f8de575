"""Answers to the exercises on output modes."""

from answers import Answer

ANSWERS = (
    Answer(
        "modos-bizum",
        "con SQL",
        (
            (
                'bizum.groupBy("persona").agg(\n    maximo("euros").alias("mayor")\n)',
                """spark.sql(
    "SELECT persona, max(euros) AS mayor FROM {b} GROUP BY persona", b=bizum
)""",
            ),
        ),
    ),
    Answer(
        "modos-bizum",
        "con max_by, y en mayúsculas el modo",
        (
            ("import max as maximo", "import max_by"),
            ('maximo("euros")', 'max_by("euros", "euros")'),
            ('"update"', '"UPDATE"'),
        ),
    ),
    Answer(
        "modos-bizum",
        "con BIGINT, y el nombre después",
        (
            ('try_cast("int")', 'try_cast("bigint")'),
            (
                'bizum.groupBy("persona").agg(\n    maximo("euros").alias("mayor")\n)',
                """(
    bizum.groupBy("persona")
    .agg({"euros": "max"})
    .withColumnRenamed("max(euros)", "mayor")
)""",
            ),
        ),
    ),
    Answer(
        "modos-bizum",
        "el más bajo",
        (("import max as", "import min as"),),
        "Tabla 3: falta |",
    ),
    Answer(
        "modos-bizum",
        "con el nombre que pone Spark",
        (('.alias("mayor")', ""),),
        "las columnas son |persona|max(euros)|",
    ),
    Answer(
        "modos-bizum",
        "el más alto de todos",
        (
            (
                'bizum.groupBy("persona").agg(\n    maximo("euros").alias("mayor")\n)',
                'bizum.agg(maximo("euros").alias("mayor"))',
            ),
        ),
        "las columnas son |mayor|",
    ),
    Answer(
        "modos-dos-consultas",
        "con una función, y los avisos primero",
        (
            (
                """viajeros = (
    paradas.groupBy("parada")
    .agg(suma("viajeros").alias("viajeros"))
    .writeStream.format("console")
    .outputMode("complete")
    .start()
)
""",
                "",
            ),
            (
                """# %% Espera
""",
                """
def suman(tabla):
    return tabla.groupBy("parada").agg(suma("viajeros").alias("viajeros"))


suman(paradas).writeStream.start(format="console", outputMode="complete")

""",
            ),
        ),
    ),
    Answer(
        "modos-dos-consultas",
        "con CSV de textos y SQL",
        (
            (
                "spark.readStream.text(ENTRADA)",
                'spark.readStream.csv(ENTRADA, "a STRING", sep="~")',
            ),
            ('split("value", ";")', 'split("a", ";")'),
            (
                """paradas.groupBy("parada")
    .agg(suma("viajeros").alias("viajeros"))
""",
                """spark.sql(
        "SELECT parada, sum(viajeros) AS viajeros FROM {p} GROUP BY parada",
        p=paradas,
    )
""",
            ),
            ('    .option("path", SALIDA)\n', '    .outputMode("append")\n'),
            (
                """    .option("checkpointLocation", CHECKPOINT)
    .start()""",
                """    .option("checkpointLocation", CHECKPOINT)
    .start(SALIDA)""",
            ),
        ),
    ),
    Answer(
        "modos-dos-consultas",
        "vigila a mano, con isActive",
        (
            (
                "spark.streams.awaitAnyTermination()",
                """import time

while viajeros.isActive and avisos.isActive:
    time.sleep(0.2)
spark.stop()""",
            ),
        ),
    ),
    Answer(
        "modos-dos-consultas",
        "solo los avisos",
        (
            (
                """viajeros = (
    paradas.groupBy("parada")
    .agg(suma("viajeros").alias("viajeros"))
    .writeStream.format("console")
    .outputMode("complete")
    .start()
)
""",
                "",
            ),
        ),
        "lo haga también una segunda consulta",
    ),
    Answer(
        "modos-dos-consultas",
        "tapa lo que no es un número",
        (('.cast("int")', '.try_cast("int")'),),
        "mata una de sus consultas",
    ),
    Answer(
        "modos-dos-consultas",
        "espera solo a la última",
        (("spark.streams.awaitAnyTermination()", "avisos.awaitTermination()"),),
        "mata una de sus consultas",
    ),
    Answer(
        "modos-dos-consultas",
        "los avisos, sin repetir ninguno: dos autobuses pueden llevar el mismo retraso",
        (('.select("parada", "retraso")', '.select("parada", "retraso").dropDuplicates()'),),
        "falta |",
    ),
    Answer(
        "modos-dos-consultas",
        "el checkpoint, en una carpeta temporal",
        (
            (
                '"checkpointLocation", CHECKPOINT',
                '"checkpointLocation", __import__("tempfile").mkdtemp()',
            ),
        ),
        "no apunta lo que ha hecho",
    ),
    Answer(
        "modos-dos-consultas",
        "cada consulta con su checkpoint, en la misma carpeta",
        (
            (
                '.format("console")\n',
                '.option("checkpointLocation", f"{CHECKPOINT}/viajeros")\n    .format("console")\n',
            ),
            ('"checkpointLocation", CHECKPOINT', '"checkpointLocation", f"{CHECKPOINT}/avisos"'),
        ),
    ),
    Answer(
        "modos-dos-consultas",
        "con foreachBatch, que al arrancar sin checkpoint repite",
        (
            (
                '.format("json")\n    .option("path", SALIDA)\n'
                '    .option("checkpointLocation", CHECKPOINT)\n',
                '.foreachBatch(lambda tabla, _: tabla.write.mode("append").json(SALIDA))\n',
            ),
        ),
        "no apunta lo que ha hecho",
    ),
    Answer(
        "modos-dos-consultas",
        "no espera a ninguna",
        (("spark.streams.awaitAnyTermination()\n", ""),),
        "El programa ha terminado sin que",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

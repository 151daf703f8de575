"""Answers to the exercises on windows."""

from answers import Answer

ANSWERS = (
    Answer(
        "ventanas",
        "con SQL y processAllAvailable",
        (
            (
                """por_ventana = (
    pasos.withWatermark("hora", "10 minutes")
    .groupBy(window("hora", "15 minutes"))
    .agg(suma("bicis").alias("bicis"))
)
""",
                """pasos.withWatermark("hora", "600 seconds").createOrReplaceTempView("pasos")
por_ventana = spark.sql(
    "SELECT window, sum(bicis) AS bicis FROM pasos "
    "GROUP BY window(hora, '900 seconds')"
)
""",
            ),
            ("    .trigger(availableNow=True)\n", ""),
            (
                "consulta.awaitTermination()",
                "consulta.processAllAvailable()\nconsulta.stop()",
            ),
        ),
    ),
    Answer(
        "ventanas",
        "nueve minutos de espera",
        (('"10 minutes"', '"9 minutes"'),),
        "Tabla 1: falta |12:00|12:15|",
    ),
    Answer(
        "ventanas",
        "once minutos de espera",
        (('"10 minutes"', '"11 minutes"'),),
        "Tabla 1: falta |12:00|12:15|",
    ),
    Answer(
        "ventanas",
        "ventanas de catorce minutos",
        (('"15 minutes"', '"14 minutes"'),),
        "Tabla 1: falta |12:00|12:15|",
    ),
)

OPEN = {"ventanas": ('.outputMode("append") → nada',)}

"""Answers to the exercises on windows."""

from answers import Answer

ANSWERS = (
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
    Answer(
        "ventanas-deslizantes",
        "con SQL y processAllAvailable",
        (
            (
                """por_ventana = viajes.groupBy(
    window("hora", "3 minutes", "2 minutes")
).agg(suma("viajeros").alias("viajeros"))
""",
                """viajes.createOrReplaceTempView("viajes")
por_ventana = spark.sql(
    "SELECT window, sum(viajeros) AS viajeros FROM viajes "
    "GROUP BY window(hora, '180 seconds', '120 seconds')"
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
        "ventanas-deslizantes",
        "con una espera larga",
        (("viajes.groupBy", 'viajes.withWatermark("hora", "1 hour").groupBy'),),
    ),
    Answer(
        "ventanas-deslizantes",
        "las dos ventanas, a mano",
        (
            (
                """viajes.groupBy(
    window("hora", "3 minutes", "2 minutes")
)""",
                """viajes.withColumn(
    "inicio",
    expr(
        "explode(filter(transform(array(0, 2), "
        "m -> timestampadd(MINUTE, -m, window(hora, '2 minutes').start)), "
        "s -> hora < s + INTERVAL 3 MINUTES))"
    ),
).groupBy(
    expr("struct(inicio AS start, inicio + INTERVAL 3 MINUTES AS end) AS window")
)""",
            ),
            ("date_format, ", "date_format, expr, "),
        ),
    ),
    Answer(
        "ventanas-deslizantes",
        "una cada minuto",
        (('"2 minutes"', '"1 minute"'),),
        "Tabla 1: sobra |",
    ),
    Answer(
        "ventanas-deslizantes",
        "empezando en los minutos impares",
        (('"2 minutes"', '"2 minutes", "1 minute"'),),
        "Tabla 1: falta |",
    ),
    Answer(
        "ventanas-deslizantes",
        "cada ventana cuando se cierra",
        (
            ("viajes.groupBy", 'viajes.withWatermark("hora", "0 minutes").groupBy'),
            ('"update"', '"append"'),
        ),
        "Tabla 1: ",
    ),
    Answer(
        "ventanas-bizum",
        "con SQL",
        (
            (
                """por_ventana = (
    pagos.withWatermark("hora", "30 seconds")
    .groupBy(window("hora", "3 minutes"))
    .agg(
        avg("euros").alias("media"),
        mayor("euros").alias("maximo"),
        menor("euros").alias("minimo"),
        count("*").alias("pagos"),
    )
)
""",
                """pagos.withWatermark("hora", "30 seconds").createOrReplaceTempView("pagos")
por_ventana = spark.sql(
    "SELECT window, mean(euros) AS media, max(euros) AS maximo, "
    "min(euros) AS minimo, count(*) AS pagos "
    "FROM pagos GROUP BY window(hora, '3 minutes')"
)
""",
            ),
        ),
    ),
    Answer(
        "ventanas-bizum",
        "con DECIMAL y processAllAvailable",
        (
            ("euros DOUBLE", "euros DECIMAL(8, 2)"),
            ("    .trigger(availableNow=True)\n", ""),
            (
                "consulta.awaitTermination()",
                "consulta.processAllAvailable()\nconsulta.stop()",
            ),
        ),
    ),
    Answer(
        "ventanas-bizum",
        "la media, dividiendo",
        (
            ('avg("euros")', 'expr("sum(euros) / count(euros)")'),
            ("avg, count, date_format, window", "count, date_format, expr, window"),
        ),
    ),
    Answer(
        "ventanas-bizum",
        "cuenta minutos, y no pagos",
        (
            ('count("*")', 'expr("approx_count_distinct(minute(hora))")'),
            ("count, date_format", "expr, date_format"),
        ),
        "Tabla 1: falta |12:00|12:03|",
    ),
    Answer(
        "ventanas-bizum",
        "media sin decimales",
        (('avg("euros")', 'expr("round(avg(euros))")'), ("count, date", "count, expr, date")),
        "falta |",
    ),
    Answer(
        "ventanas-bizum",
        "una ventana cada minuto",
        (('"3 minutes"', '"3 minutes", "1 minute"'),),
        "sobra |11:58|12:01|",
    ),
)

OPEN = {
    "ventanas": ('.outputMode("append") → nada',),
    # The schema is given, and a window takes a text for a time.
    "ventanas-deslizantes": (
        '"hora TIMESTAMP, parada STRING, viajeros INT" → '
        '"hora STRING, parada STRING, viajeros INT"',
    ),
    "ventanas-bizum": ('.outputMode("append") → nada',),
}

"""Answers to the exercises on Kafka."""

from answers import Answer

_COLUMNS = """pedido = from_json("texto", "libro STRING, precio DOUBLE")
pedidos = textos.select(pedido.alias("pedido")).select("pedido.*")
"""

_CHOSEN = """avisos = medidas.where(medida.grados > 8).select(
    medida.nevera.alias("key"), "value"
)
"""

_SUMMED = """por_ventana = (
    mensajes.select(viaje.alias("viaje"))
    .groupBy(window("viaje.hora", "10 minutes"))
    .agg(suma("viaje.viajeros").alias("viajeros"))
)
"""

_LABELLED = """tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
)
"""

ANSWERS = (
    Answer(
        "kafka",
        "con SQL",
        (
            (
                _COLUMNS,
                'textos.createOrReplaceTempView("textos")\n'
                "pedidos = spark.sql(\"SELECT p.* FROM (SELECT from_json(texto, 'libro STRING, "
                "precio DOUBLE') AS p FROM textos)\")\n",
            ),
        ),
    ),
    Answer(
        "kafka",
        "campo a campo, con get_json_object",
        (
            (
                _COLUMNS,
                "pedidos = textos.selectExpr(\"get_json_object(texto, '$.libro') AS libro\", "
                "\"double(get_json_object(texto, '$.precio')) AS precio\")\n",
            ),
        ),
    ),
    Answer(
        "kafka",
        "los topics que casan con un patrón",
        (('"subscribe", TOPIC', '"subscribePattern", TOPIC'),),
    ),
    Answer(
        "kafka",
        "sin partir el JSON",
        (('.select("pedido.*")', ""),),
        "las columnas son |pedido|",
    ),
    Answer(
        "kafka",
        "solo el libro",
        (('"pedido.*"', '"pedido.libro"'),),
        "las columnas son |libro|",
    ),
    Answer(
        "kafka",
        "con la clave",
        (
            ("AS texto", 'AS texto", "CAST(key AS STRING) AS tienda'),
            (
                'textos.select(pedido.alias("pedido"))',
                'textos.select("tienda", pedido.alias("pedido"))',
            ),
            ('.select("pedido.*")', '.select("tienda", "pedido.*")'),
        ),
        "las columnas son |tienda|libro|precio|",
    ),
    Answer(
        "kafka-avisos",
        "con SQL",
        (
            (
                _CHOSEN,
                'medidas.withColumn("m", medida).createOrReplaceTempView("medidas")\n'
                'avisos = spark.sql("SELECT value, m.nevera AS key FROM medidas '
                'WHERE m.grados > 8")\n',
            ),
        ),
    ),
    Answer(
        "kafka-avisos",
        "el topic, en una columna",
        (
            ('alias("key"), "value"', 'alias("key"), "value", lit(DESTINO).alias("topic")'),
            ('    .option("topic", DESTINO)\n', ""),
            ("import from_json", "import from_json, lit"),
        ),
    ),
    Answer(
        "kafka-avisos",
        "con foreachBatch",
        (
            (
                'avisos.writeStream.format("kafka")\n'
                '    .option("kafka.bootstrap.servers", BROKER)\n'
                '    .option("topic", DESTINO)\n',
                "avisos.writeStream.foreachBatch(\n"
                '        lambda tabla, numero: tabla.write.format("kafka")\n'
                '        .option("kafka.bootstrap.servers", BROKER)\n'
                '        .option("topic", DESTINO)\n'
                "        .save()\n    )\n",
            ),
        ),
    ),
    Answer(
        "kafka-avisos",
        "los grados como clave",
        (("medida.nevera.alias", 'medida.grados.cast("string").alias'),),
        "Lo que deja en el topic: falta",
    ),
    Answer(
        "kafka-avisos",
        "la nevera, también como mensaje",
        (('alias("key"), "value"', 'alias("key"), medida.nevera.alias("value")'),),
        "Lo que deja en el topic: sobra",
    ),
    Answer(
        "kafka-avisos",
        "de vuelta al mismo topic",
        (('.option("topic", DESTINO)', '.option("topic", TOPIC)'),),
        "ha escrito 0 tablas con filas",
    ),
    Answer(
        "kafka-ventanas",
        "con SQL",
        (
            (
                _SUMMED + _LABELLED,
                'mensajes.select(viaje.alias("v")).createOrReplaceTempView("viajes")\n'
                "tabla = spark.sql(\"SELECT date_format(w.start, 'HH:mm') AS desde, "
                "date_format(w.end, 'HH:mm') AS hasta, sum(viajeros) AS viajeros FROM "
                "(SELECT window(v.hora, '10 minutes') AS w, v.viajeros FROM viajes) "
                'GROUP BY w")\n',
            ),
        ),
    ),
    Answer(
        "kafka-ventanas",
        "con watermark, y BIGINT",
        (
            ("viajeros INT", "viajeros BIGINT"),
            (
                _SUMMED,
                'por_ventana = (\n    mensajes.select(viaje.alias("viaje")).select("viaje.*")\n'
                '    .withWatermark("hora", "1 hour").groupBy(window("hora", "600 seconds"))\n'
                '    .agg(suma("viajeros").alias("viajeros"))\n)\n',
            ),
        ),
    ),
    Answer(
        "kafka-ventanas",
        "con la partición asignada",
        (('"subscribe", TOPIC', '"assign", json.dumps({TOPIC: [0]})'),),
    ),
    Answer(
        "kafka-ventanas",
        "solo las cerradas",
        (
            ('"update"', '"append"'),
            (
                '.groupBy(window("viaje.hora"',
                '.select("viaje.*").withWatermark("hora", "0 minutes").groupBy(window("hora"',
            ),
            ('"viaje.viajeros"', '"viajeros"'),
        ),
        "Tabla 1: falta",
    ),
    Answer(
        "kafka-ventanas",
        "la hora en que Kafka guardó el mensaje",
        (
            ('viaje.alias("viaje"))', 'viaje.alias("viaje"), "timestamp")'),
            ('window("viaje.hora"', 'window("timestamp"'),
        ),
        "Tabla 1: sobra",
    ),
    Answer(
        "kafka-ventanas",
        "ventanas que se solapan",
        (('"10 minutes"', '"10 minutes", "5 minutes"'),),
        "Tabla 1: sobra",
    ),
)

OPEN = {
    # What makes windows takes a text for a time by itself.
    "kafka-ventanas": ('"hora TIMESTAMP, viajeros INT" → "hora STRING, viajeros INT"',)
}

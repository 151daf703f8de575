"""Answers to the exercises on joins."""

from answers import Answer

_PRICED = """importes = pedidos.join(precios, "producto", "left").select(
    "pedido",
    "producto",
    "cajas",
    expr("cajas * precio").alias("importe"),
)
"""

_RIDES = """parejas = salidas.join(
    llegadas,
    expr(
        "bici = devuelta AND llega >= sale"
        " AND llega <= sale + interval 45 minutes"
    ),
)
"""

_DELIVERED = """tabla = pedidos.join(
    entregas,
    expr(
        "pedido = entrega AND entregada >= pedida"
        " AND entregada <= pedida + interval 30 minutes"
    ),
    "leftOuter",
).select("pedido", "plato", "repartidor")
"""

_BY_HAND = (
    ("    .trigger(availableNow=True)\n", ""),
    ("consulta.awaitTermination()", "consulta.processAllAvailable()\nconsulta.stop()"),
)

ANSWERS = (
    Answer(
        "joins",
        "con SQL",
        (
            (
                _PRICED,
                """pedidos.createOrReplaceTempView("pedidos")
precios.createOrReplaceTempView("precios")
importes = spark.sql(
    "SELECT pedido, pedidos.producto, cajas, precio * cajas AS importe "
    "FROM pedidos LEFT JOIN precios ON pedidos.producto = precios.producto"
)
""",
            ),
        ),
    ),
    Answer(
        "joins",
        "con update, y un fichero por micro-batch",
        (
            (".load(", '.option("maxFilesPerTrigger", 1).load('),
            (".trigger(", '.outputMode("update").trigger('),
        ),
    ),
    Answer(
        "joins",
        "desde los precios, por la derecha",
        (
            (
                'pedidos.join(precios, "producto", "left")',
                'precios.join(pedidos, "producto", "right")',
            ),
        ),
    ),
    Answer(
        "joins",
        "un pedido por producto",
        (("pedidos.join", 'pedidos.dropDuplicates(["producto"]).join'),),
        "Tabla 1: falta |",
    ),
    Answer(
        "joins",
        "sin céntimos",
        (("cajas * precio", "bround(cajas * precio)"),),
        "Tabla 1: falta |",
    ),
    Answer(
        "joins",
        "solo los que están en la lista",
        (('"left"', '"leftSemi"'), ('expr("cajas * precio")', 'expr("cajas")')),
        "Tabla 1: falta |",
    ),
    Answer("joins", "también los precios sin pedido", (('"left"', '"full"'),), "FullOuter"),
    Answer(
        "joins-plazo",
        "con SQL",
        (
            (
                _RIDES,
                """salidas.createOrReplaceTempView("salidas")
llegadas.createOrReplaceTempView("llegadas")
parejas = spark.sql(
    "SELECT * FROM llegadas JOIN salidas ON bici = devuelta "
    "AND llega BETWEEN sale AND sale + INTERVAL 2700 SECONDS"
)
""",
            ),
        ),
    ),
    Answer(
        "joins-plazo",
        "el plazo, en un where",
        (
            (
                _RIDES,
                """parejas = salidas.join(llegadas, expr("bici = devuelta")).where(
    "sale <= llega AND llega - interval 45 minutes <= sale"
)
""",
            ),
        ),
    ),
    Answer(
        "joins-plazo",
        "con columnas y processAllAvailable",
        (
            (
                _RIDES,
                """parejas = salidas.join(
    llegadas,
    (salidas.bici == llegadas.devuelta)
    & (llegadas.llega >= salidas.sale)
    & (llegadas.llega <= salidas.sale + expr("interval 45 minutes")),
)
""",
            ),
            *_BY_HAND,
        ),
    ),
    Answer(
        "joins-plazo",
        "menos de 45 minutos",
        (("llega <= sale + interval 45", "llega < sale + interval 45"),),
        ": falta |",
    ),
    Answer(
        "joins-plazo",
        "un margen hacia los dos lados",
        (("llega >= sale", "llega >= sale - interval 45 minutes"),),
        ": sobra |",
    ),
    Answer(
        "joins-plazo",
        "45 segundos",
        (("45 minutes", "45 seconds"),),
        ": falta |",
    ),
    Answer(
        "joins-plazo",
        "espera media hora",
        (('"10 minutes"', '"30 minutes"'),),
        ": sobra |",
    ),
    Answer(
        "joins-sin-pareja",
        "con SQL",
        (
            (
                _DELIVERED,
                """pedidos.createOrReplaceTempView("pedidos")
entregas.createOrReplaceTempView("entregas")
tabla = spark.sql(
    "SELECT pedido, plato, repartidor FROM pedidos LEFT JOIN entregas "
    "ON pedido = entrega "
    "AND entregada BETWEEN pedida AND pedida + INTERVAL 30 MINUTES"
)
""",
            ),
        ),
    ),
    Answer(
        "joins-sin-pareja",
        "desde las entregas, por la derecha",
        (
            ("pedidos.join(\n    entregas", "entregas.join(\n    pedidos"),
            ("leftOuter", "rightOuter"),
        ),
    ),
    Answer(
        "joins-sin-pareja",
        "con processAllAvailable",
        _BY_HAND,
    ),
    Answer(
        "joins-sin-pareja",
        "también las entregas sin pedido",
        (('"leftOuter"', '"fullOuter"'),),
        ": sobra |NULL|NULL|",
    ),
    Answer(
        "joins-sin-pareja",
        "nadie, con su nombre",
        (
            (
                '"plato", "repartidor")',
                '"plato", expr("coalesce(repartidor, \'nadie\')").alias("repartidor"))',
            ),
        ),
        "|nadie|",
    ),
    Answer(
        "joins-sin-pareja",
        "solo los que nadie entrega",
        (('.select("pedido"', '.where("repartidor IS NULL").select("pedido"'),),
        ": falta |",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

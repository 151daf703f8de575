"""Answers to the exercise on contracts."""

from answers import Answer

_BROKEN = "    WHEN pedido.malo IS NOT NULL THEN 'no es lo acordado'\n"
_NO_ID = "    WHEN pedido.id IS NULL THEN 'le falta el id'\n"

ANSWERS = (
    Answer(
        "contratos",
        "lo que está en blanco, por el pedido que no hay",
        (("WHEN value = ''", "WHEN pedido IS NULL"),),
    ),
    Answer(
        "contratos",
        "una carpeta detrás de otra, con la tabla guardada",
        (
            ('withColumn("motivo", motivo)', 'withColumn("motivo", motivo).persist()'),
            ('selectExpr("motivo", "value AS texto")', 'selectExpr("value AS texto", "motivo")'),
        ),
    ),
    Answer(
        "contratos",
        "mira antes si falta el id: lo que no se entiende no tiene ninguno",
        ((_NO_ID, ""), (_BROKEN, f"{_NO_ID}{_BROKEN}")),
        "le falta el id",
    ),
    Answer(
        "contratos",
        "tira lo malo",
        (
            (
                '    (\n        malos.selectExpr("motivo", "value AS texto")\n'
                '        .write.mode("append")\n        .json(f"{SALIDA}/malos")\n    )\n',
                "",
            ),
        ),
        "y deben ser 2",
    ),
    Answer(
        "contratos",
        "sin el esquema entero: las unidades, como texto",
        (("unidades INT", "unidades STRING"),),
        "Lo que guarda",
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

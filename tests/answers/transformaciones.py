"""Answers to the exercises on transformations."""

from answers import Answer

ANSWERS = (
    Answer(
        "transformaciones",
        "con rlike y cast",
        (
            ('textos.texto.try_cast("int")', 'textos.texto.cast("int")'),
            (
                ').where("grados IS NOT NULL")',
                ")",
            ),
            (
                'textos.select(\n    "sala"',
                'textos.where(r"texto RLIKE \'^-?[0-9]+$\'").select(\n    "sala"',
            ),
        ),
    ),
    Answer(
        "transformaciones",
        "el segundo trozo, aunque no lo haya",
        (("get(trozos, 1)", "trozos[1]"),),
        "INVALID_ARRAY_INDEX",
    ),
)

# Without an aggregation both modes write the same.
OPEN = {"transformaciones": ('"append" → "update"', '.outputMode("append") → nada')}

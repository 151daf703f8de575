"""Answers to the exercises of the first steps."""

from answers import Answer

ANSWERS = (
    Answer(
        "hola",
        "con anotaciones que llevan puntos suspensivos",
        (("spark = (", "def f(*a: str) -> tuple[str, ...]: ...\n\nspark = ("),),
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

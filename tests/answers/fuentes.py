"""Answers to the exercises on sources."""

from answers import Answer

ANSWERS = (
    Answer("fuentes", "con DECIMAL", (("precio DOUBLE", "precio DECIMAL(6,2)"),)),
    Answer(
        "fuentes",
        "un fichero por micro-batch",
        (('.option("sep", ";")', '.option("sep", ";").option("maxFilesPerTrigger", 1)'),),
    ),
)

OPEN: dict[str, tuple[str, ...]] = {}

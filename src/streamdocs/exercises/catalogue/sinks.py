"""Exercises on sinks: what is stored, once."""

import random
from functools import partial

from streamdocs.exercises.drive import stored, twice
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table


def _temperatures(chance: random.Random) -> Data:
    def text() -> str:
        # 30 is not more than 30, and 30.5 is.
        grades = [chance.randint(20, 59) / 2, 30.0, 30.5, chance.randint(62, 80) / 2]
        return "".join(f"{chance.choice('ABC')}{chance.randint(1, 99)};{g}\n" for g in grades)

    return [text() for _ in range(3)]


def _stored_twice(texts: Data, text: bool = False, again: bool = False) -> list[Table]:
    """What is stored after each run: with numbers or texts, the first ones once or twice."""

    def hot(some: Data) -> list[dict[str, object]]:
        fields = [line.split(";") for line in "".join(some).splitlines()]
        return [
            {"sensor": s, "grados": g if text else float(g)} for s, g in fields if float(g) > 30
        ]

    first, last = hot(texts[:-1]), hot(texts[-1:])
    return [stored(first), stored(first + first * again + last)]


EXERCISES = (
    Exercise(
        "sinks",
        "sinks",
        "completa",
        "guardar sin repetir",
        _temperatures,
        twice,
        _stored_twice,
        (
            Mistake(
                "guarda los grados como texto: en el JSON son un número, sin comillas",
                (("grados DOUBLE", "grados STRING"), ("grados > 30", "grados > 30.0")),
                partial(_stored_twice, text=True),
            ),
            Mistake(
                "lee los grados como texto: en el esquema son un número, DOUBLE",
                (("grados DOUBLE", "grados STRING"),),
                None,
                "CAST_INVALID_INPUT",
            ),
            Mistake(
                "repite lo que ya había escrito: `foreachBatch` no sabe qué batch escribió antes "
                "de morir, y el sink de ficheros sí",
                (
                    (
                        'calor.writeStream.format("json")\n    .option("path", SALIDA)\n',
                        "calor.writeStream.foreachBatch(\n"
                        '        lambda f, n: f.write.mode("append").json(SALIDA)\n    )\n',
                    ),
                ),
                partial(_stored_twice, again=True),
            ),
        ),
    ),
)

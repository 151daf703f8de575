"""Exercises on triggers: when a micro-batch begins, and what is in it."""

import random
from functools import partial

from streamdocs.exercises.drive import laid
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_PRODUCTS = ("pan", "vino", "aceite", "queso", "arroz", "miel")


def _orders(chance: random.Random) -> Data:
    return [f"{chance.choice(_PRODUCTS)} {number}\n" for number in range(chance.choice((5, 7)))]


def by(texts: Data, most: int = 2) -> list[Table]:
    """At most ``most`` files at once."""
    rows = [(text.rstrip("\n"),) for text in texts]
    return [Table(("value",), tuple(rows[i : i + most])) for i in range(0, len(rows), most)]


EXERCISES = (
    Exercise(
        "triggers",
        "triggers",
        "completa",
        "de dos en dos, y acabar",
        _orders,
        laid,
        by,
        (
            Mistake(
                "los procesa todos de una vez: dile a la fuente cuántos ficheros por micro-batch",
                (('    .option("maxFilesPerTrigger", 2)\n', ""),),
                partial(by, most=99),
            ),
            Mistake(
                "los procesa de uno en uno: han de ser dos por micro-batch",
                (('"maxFilesPerTrigger", 2', '"maxFilesPerTrigger", 1'),),
                partial(by, most=1),
            ),
        ),
    ),
)

"""Exercises on sources: files that come into a folder."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import together
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_PRODUCTS = ("pan", "vino", "aceite", "queso", "arroz", "miel")


def _sales(chance: random.Random) -> Data:
    def sale(product: str, units: int) -> str:
        # The zeros in front are there only for who reads a text, not a number.
        return f"{product};{units:03};{chance.randint(1, 9) / 2:05.2f}\n"

    products = chance.sample(_PRODUCTS, 6)
    others = [4, 5, 10, chance.randint(1, 3), chance.randint(6, 9)]
    chance.shuffle(others)
    # The first one counts: it is lost for who takes it for a header.
    units = [chance.randint(11, 40), *others]
    sales = [sale(*pair) for pair in zip(products, units, strict=True)]
    return ["".join(sales[:3]), "".join(sales[3:])]


def _number(text: str) -> str:
    return str(float(text))


def _whole(text: str) -> str:
    return str(int(text))


def many_units(
    texts: Data,
    least: int = 5,
    units: Callable[[str], str] = _whole,
    price: Callable[[str], str] = _number,
) -> list[Table]:
    """The sales of ``least`` units or more, with their amount, read in some way."""
    lines = [line for text in texts for line in text.splitlines()]
    fields = [line.split(";") for line in lines]
    rows = [
        (product, units(some), price(each), str(int(some) * float(each)))
        for product, some, each in fields
        if int(some) >= least
    ]
    return [Table(("producto", "unidades", "precio", "importe"), tuple(rows))]


EXERCISES = (
    Exercise(
        "fuentes",
        "fuentes",
        "completa",
        "leer una carpeta de CSV",
        _sales,
        together,
        many_units,
        (
            Mistake(
                "lee las unidades como texto: en el esquema son un número, INT",
                (("unidades INT", "unidades STRING"),),
                partial(many_units, units=str),
            ),
            Mistake(
                "lee el precio como texto: en el esquema es un número, DOUBLE",
                (("precio DOUBLE", "precio STRING"),),
                None,
                "CAST_INVALID_INPUT",
            ),
            Mistake(
                "toma por cabecera la primera línea de cada fichero: no la hay",
                (('.option("sep", ";")', '.option("sep", ";").option("header", True)'),),
                None,
                "han leído 4 de las 6 líneas",
            ),
        ),
    ),
)

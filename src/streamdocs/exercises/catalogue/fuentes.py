"""Exercises on sources: files that come into a folder."""

import json
import random
from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from streamdocs.exercises.drive import together
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Row, Table

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


_CENT = Decimal("0.01")


def _invoices(chance: random.Random) -> Data:
    def invoice(product: str, price: str) -> str:
        # Day and month could each be the other, and are never the same.
        day, month = chance.sample(range(1, 13), 2)
        return f"{day:02}/{month:02}/2026;{product};{chance.randint(2, 9):03};{price}\n"

    # Two decimals that count, and a price of four digits.
    cents = [f"{chance.randint(10, 99)},{chance.randint(1, 9)}{chance.randint(1, 9)}", "7,25"]
    prices = [f"1.{chance.randint(100, 999)},5{chance.randint(1, 9)}", *cents, "30,05"]
    chance.shuffle(prices)
    products = chance.sample(("mesa", "silla", "cama", "espejo", "sofá"), 4)
    rows = [invoice(*pair) for pair in zip(products, prices, strict=True)]
    return ["".join(rows[:2]), "".join(rows[2:])]


def _spanish(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


def american(text: str) -> Decimal:
    """The price for who takes the comma for thousands."""
    return Decimal(text.replace(",", "")).quantize(_CENT, ROUND_HALF_UP)


def none(text: str) -> None:
    """What is not understood."""


def date(text: str, format_: str = "%d/%m/%Y") -> str | None:
    """A date, as Spark writes it."""
    return f"{datetime.strptime(text, format_):%Y-%m-%d}"


def amounts(
    texts: Data,
    when: Callable[[str], str | None] = date,
    price: Callable[[str], Decimal | None] = _spanish,
    units: Callable[[str], str] = _whole,
) -> list[Table]:
    """All sales with their amount, read in some way."""
    rows: list[Row] = []
    for day, product, some, each in (
        line.split(";") for text in texts for line in text.splitlines()
    ):
        paid = price(each)
        cost = None if paid is None else str(paid)
        amount = None if paid is None else str(int(some) * paid)
        rows.append((when(day), product, units(some), cost, amount))
    return [Table(("fecha", "producto", "unidades", "precio", "importe"), tuple(rows))]


def _with_commas(texts: Data) -> list[Table]:
    """The sales for who still parts them at commas."""
    lines = [line for text in texts for line in text.splitlines()]
    rows = tuple((None, line.partition(",")[2], None, None, None) for line in lines)
    return [Table(("fecha", "producto", "unidades", "precio", "importe"), rows)]


def _weather(chance: random.Random) -> Data:
    def degrees() -> float:
        return chance.randint(10, 30) + 0.5

    def line(**fields: object) -> str:
        return json.dumps({"estacion": chance.choice(("norte", "sur", "este")), **fields})

    good = [
        line(grados=degrees(), lluvia=chance.randint(0, 9)),
        # What is missing is NULL, and what is too much is left out: neither is wrong.
        line(lluvia=chance.randint(0, 9)),
        line(grados=chance.randint(10, 30), lluvia=0, viento=chance.randint(1, 9)),
    ]
    bad = [
        line(grados=chance.choice(("dos", "-", "frío")), lluvia=chance.randint(1, 9)),
        line(grados=degrees(), lluvia=chance.randint(1, 9) + 0.5),
        # Cut off, and not behind a blank, which a table of the console would not show.
        line(grados=degrees(), lluvia=chance.randint(1, 9))[: chance.randint(14, 30)].rstrip(),
        f"sur {chance.randint(10, 30)}",
    ]
    lines = [*good, *bad]
    chance.shuffle(lines)
    return ["\n".join(each) + "\n" for each in (lines[:4], lines[4:])]


def not_understood(
    texts: Data,
    fields: tuple[tuple[str, tuple[type, ...]], ...] = (
        ("estacion", (str,)),
        ("grados", (int, float)),
        ("lluvia", (int,)),
    ),
    empty: bool = False,
    width: int = 1000,
) -> list[Table]:
    """The lines with a field of another type; or those ``empty`` of degrees, bad or not."""
    columns = ("fichero", *(name for name, _ in fields), "linea")
    rows: list[Row] = []
    for number, text in enumerate(texts):
        for line in text.splitlines():
            values, whole = _parsed(line, fields)
            if (values[1] is None) if empty else not whole:
                cut = line if len(line) <= width else f"{line[: width - 3]}..."
                said = None if whole else cut
                rows.append((f"{number:03}.json", *values, said))
    return [Table(columns, tuple(rows))]


def _parsed(
    line: str, fields: tuple[tuple[str, tuple[type, ...]], ...]
) -> tuple[tuple[str | None, ...], bool]:
    """What Spark makes of a line of JSON, and whether that is all of it."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return (None,) * len(fields), False
    values = [found.get(name) for name, _ in fields]
    fits = [
        value is None or isinstance(value, types)
        for value, (_, types) in zip(values, fields, strict=True)
    ]
    shown = (
        None if value is None or not fit else _as_shown(value, types)
        for value, fit, (_, types) in zip(values, fits, fields, strict=True)
    )
    return tuple(shown), all(fits)


def _as_shown(value: object, types: tuple[type, ...]) -> str:
    return str(float(str(value))) if float in types else str(value)


def _nothing(texts: Data) -> list[Table]:
    return []


_WHOLE_DEGREES = (("estacion", (str,)), ("grados", (int,)), ("lluvia", (int,)))
_ANY_RAIN = (("estacion", (str,)), ("grados", (int, float)), ("lluvia", (int, float)))

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
    Exercise(
        "fuentes-decimales",
        "fuentes",
        "cambia",
        "fechas y precios de aquí",
        _invoices,
        together,
        amounts,
        (
            Mistake(
                "hace todavía lo de antes: separa por comas, y ahora separa el punto y coma",
                (
                    ('    .option("sep", ";")\n', ""),
                    ('    .option("dateFormat", "dd/MM/yyyy")\n', ""),
                    ('    .option("locale", "es-ES")\n', ""),
                ),
                _with_commas,
            ),
            Mistake(
                "toma la coma por un separador de miles: dile a Spark de dónde son los números, "
                "con `locale`",
                (('    .option("locale", "es-ES")\n', ""),),
                partial(amounts, price=american),
            ),
            Mistake(
                "no entiende las fechas, y las deja en NULL: dile cómo son, con `dateFormat`",
                (('    .option("dateFormat", "dd/MM/yyyy")\n', ""),),
                partial(amounts, when=none),
            ),
            Mistake(
                "toma el día por el mes: aquí va delante el día, `dd/MM/yyyy`",
                (("dd/MM/yyyy", "MM/dd/yyyy"),),
                partial(amounts, when=partial(date, format_="%m/%d/%Y")),
            ),
            Mistake(
                "deja la fecha como texto: en el esquema es DATE, y se escribe 2026-03-02",
                (("fecha DATE", "fecha STRING"),),
                partial(amounts, when=str),
            ),
            Mistake(
                "lee el precio como DOUBLE, que no entiende la coma: usa DECIMAL(6,2)",
                (("precio DECIMAL(6,2)", "precio DOUBLE"),),
                partial(amounts, price=none),
            ),
        ),
    ),
    Exercise(
        "fuentes-malas",
        "fuentes",
        "escribe",
        "apartar lo que no se entiende",
        _weather,
        partial(together, suffix="json"),
        not_understood,
        (
            Mistake(
                "no aparta nada: falta decir qué columna guarda lo que no se entiende, con "
                "`columnNameOfCorruptRecord`",
                (('    .option("columnNameOfCorruptRecord", "linea")\n', ""),),
                _nothing,
            ),
            Mistake(
                "aparta las que no tienen grados, y eso no es un error: mira si hay algo en "
                "`linea`",
                (("linea IS NOT NULL", "grados IS NULL"),),
                partial(not_understood, empty=True),
            ),
            Mistake(
                "corta las líneas: la consola enseña 20 letras, si no le pides `truncate` a False",
                (('    .option("truncate", False)\n', ""),),
                partial(not_understood, width=20),
            ),
            Mistake(
                "aparta los grados con decimales: son un DOUBLE",
                (("grados DOUBLE", "grados INT"),),
                partial(not_understood, fields=_WHOLE_DEGREES),
            ),
            Mistake(
                "da por buena la lluvia con decimales: son litros enteros, INT",
                (("lluvia INT", "lluvia DOUBLE"),),
                partial(not_understood, fields=_ANY_RAIN),
            ),
        ),
    ),
)

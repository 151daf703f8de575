"""Exercises on Kafka, as source and as sink."""

import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from streamdocs.exercises.drive_kafka import as_table, sent_on, told, told_at_once
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_NOTHING_READ = "Ninguna consulta ha leído"


def _message(key: str, value: dict[str, object]) -> str:
    return f"{key} {json.dumps(value, ensure_ascii=False)}"


def _value(message: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(message.partition(" ")[2])
    return found


def _orders(chance: random.Random) -> Data:
    titles = ("Niebla", "La colmena", "Nada", "Marianela", "Platero y yo", "Los cañones", "Tirano")
    # A price without decimals tells a number from a text.
    prices = [chance.randint(5, 20), chance.randint(5, 20) + 0.5, chance.randint(21, 30)]
    return [
        _message(chance.choice(("lugo", "soria")), {"libro": title, "precio": price})
        for title, price in zip(chance.sample(titles, 3), prices, strict=True)
    ]


def _columns(
    messages: Data, price: Callable[[Any], str] = lambda price: str(float(price))
) -> list[Table]:
    values = map(_value, messages)
    rows = tuple((value["libro"], price(value["precio"])) for value in values)
    return [Table(("libro", "precio"), rows)]


def _empty(messages: Data) -> list[Table]:
    return [Table(("libro", "precio"), ((None, None),) * len(messages))]


def _fridges(chance: random.Random) -> Data:
    # 8 is not more than 8, and 8.1 is.
    grades = [8.0, 8.1, 7.5, chance.randint(20, 70) / 10, chance.randint(91, 150) / 10]
    chance.shuffle(grades)
    places = chance.sample(("norte", "sur", "centro", "muelle", "plaza"), 5)
    return [
        _message("-", {"nevera": place, "hora": f"12:{chance.randint(10, 59)}", "grados": grade})
        for place, grade in zip(places, grades, strict=True)
    ]


def warm(
    messages: Data,
    keyed: bool = True,
    hot: Callable[[float], bool] = lambda grades: grades > 8,
    fields: Sequence[str] = (),
) -> list[Table]:
    """Key and value of the messages on ``hot`` fridges; with ``fields``, the values anew."""
    found = [(_value(each), each.partition(" ")[2]) for each in messages]
    rows = [
        (
            value["nevera"].encode() if keyed else None,
            (_again(value, fields) if fields else text).encode(),
        )
        for value, text in found
        if hot(value["grados"])
    ]
    return [as_table(rows)]


def _again(value: dict[str, Any], fields: Sequence[str]) -> str:
    return json.dumps({name: value[name] for name in fields}, separators=(",", ":"))


_NOON = datetime(2026, 3, 2, 12)
_WIDTH = timedelta(minutes=10)


def _trips(chance: random.Random) -> Data:
    def at(minute: int, second: int = 0) -> str:
        when = f"{_NOON + timedelta(minutes=minute, seconds=second):%Y-%m-%d %H:%M:%S}"
        return _message("-", {"hora": when, "viajeros": chance.randint(2, 9)})

    def within(first: int) -> str:
        return at(first + chance.randint(0, 9), chance.randint(0, 59))

    passed_over = [within(0), within(10), within(20)]
    # Whoever reads three at a time, or one, writes other tables; 12:10:00 opens a window.
    return [*passed_over, within(0), at(10), within(10), within(20), within(0), within(20)]


def summed(
    messages: Data,
    first: int = 3,
    each: int = 2,
    complete: bool = False,
    worth: Callable[[int], int] = lambda people: people,
) -> list[Table]:
    """The windows that each micro-batch of ``each`` messages changes, from message ``first``."""
    totals: Counter[datetime] = Counter()
    written = []
    for begin in range(first, len(messages), each):
        changed = set()
        for value in map(_value, messages[begin : begin + each]):
            start = _NOON + (datetime.fromisoformat(value["hora"]) - _NOON) // _WIDTH * _WIDTH
            totals[start] += worth(value["viajeros"])
            changed.add(start)
        rows = [
            (f"{start:%H:%M}", f"{start + _WIDTH:%H:%M}", str(total))
            for start, total in totals.items()
            if complete or start in changed
        ]
        written.append(Table(("desde", "hasta", "viajeros"), tuple(rows)))
    return written


EXERCISES = (
    Exercise(
        "kafka",
        "kafka",
        "completa",
        "pedidos en JSON",
        _orders,
        told_at_once,
        _columns,
        (
            Mistake(
                "no empieza por el principio: sin `startingOffsets`, una consulta nueva solo ve "
                "lo que llega después",
                (('    .option("startingOffsets", "earliest")\n', ""),),
                None,
                _NOTHING_READ,
            ),
            Mistake(
                "toma el `value` como viene, en bytes: pásalo a texto con CAST",
                (("CAST(value AS STRING) AS texto", "value AS texto"),),
                None,
                "UNEXPECTED_INPUT_TYPE",
            ),
            Mistake(
                "lee el precio como texto: en el esquema es un número, DOUBLE",
                (("precio DOUBLE", "precio STRING"),),
                partial(_columns, price=str),
            ),
            Mistake(
                "busca el JSON en la clave: el mensaje está en `value`",
                (("CAST(value AS STRING)", "CAST(key AS STRING)"),),
                _empty,
            ),
        ),
        own_jvm=True,
    ),
    Exercise(
        "kafka-avisos",
        "kafka",
        "cambia",
        "de un topic a otro, con clave",
        _fridges,
        sent_on,
        warm,
        (
            Mistake(
                "hace todavía lo de antes: lleva todas las medidas, y sin clave; añade un `where` "
                "y una columna `key`",
                (("avisos.writeStream", "medidas.writeStream"),),
                partial(warm, keyed=False, hot=lambda _: True),
            ),
            Mistake(
                "no pone clave: la columna se tiene que llamar `key`",
                (('medida.nevera.alias("key"), "value"', '"value"'),),
                partial(warm, keyed=False),
            ),
            Mistake(
                "avisa también con 8 grados justos: son los de más de 8",
                (("grados > 8", "grados >= 8"),),
                partial(warm, hot=lambda grades: grades >= 8),
            ),
            Mistake(
                "escribe otro JSON, sin la hora: el `value` va tal como llegó",
                (
                    ("import from_json", "import from_json, to_json"),
                    ('alias("key"), "value"', 'alias("key"), to_json(medida).alias("value")'),
                ),
                partial(warm, fields=("nevera", "grados")),
            ),
        ),
        own_jvm=True,
    ),
    Exercise(
        "kafka-ventanas",
        "kafka",
        "escribe",
        "viajeros cada diez minutos",
        _trips,
        told,
        summed,
        (
            Mistake(
                "empieza por el principio: los tres primeros mensajes no cuentan",
                (('json.dumps({TOPIC: {"0": 3}})', '"earliest"'),),
                partial(summed, first=0),
            ),
            Mistake(
                "se salta uno de más: el primer mensaje es el 0, y el cuarto es el 3",
                (('{"0": 3}', '{"0": 4}'),),
                partial(summed, first=4),
            ),
            Mistake(
                "lee todo de una vez: dos mensajes por micro-batch los pone `maxOffsetsPerTrigger`",
                (('    .option("maxOffsetsPerTrigger", 2)\n', ""),),
                partial(summed, each=99),
            ),
            Mistake(
                "escribe cada vez todas las ventanas: solo las que toca son el modo update",
                (('"update"', '"complete"'),),
                partial(summed, complete=True),
            ),
            Mistake(
                "cuenta mensajes: hay que sumar sus viajeros",
                (("import sum as suma", "import count as suma"),),
                partial(summed, worth=lambda _: 1),
            ),
        ),
        own_jvm=True,
    ),
)

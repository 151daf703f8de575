"""The data of each exercise tell a wrong program from a right one, whatever the seed.

A wrong program is here what plain Python makes of its fault: nothing runs Spark.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from streamdocs.exercises.catalogue import EXERCISES, closed_windows
from streamdocs.exercises.check import Data, Table, differences, sent, stored, unfinished

SEEDS = range(2000)
Answer = Callable[[Data], list[Table]]


def windows(long: float, patience: float) -> Answer:
    return partial(
        closed_windows, long=timedelta(minutes=long), patience=timedelta(minutes=patience)
    )


def words(kept: Callable[[str], bool], lower: bool = True) -> Answer:
    def answer(lines: Data) -> list[Table]:
        counts: Counter[str] = Counter()
        tables = []
        for line in lines:
            found = (line.lower() if lower else line).split(" ")
            counts.update(word for word in found if kept(word))
            rows = tuple((word, str(count)) for word, count in counts.items())
            tables.append(Table(("palabra", "count"), rows))
        return tables

    return answer


def sales(units: Callable[[str], str], price: Callable[[str], str], least: int = 5) -> Answer:
    def answer(texts: Data) -> list[Table]:
        rows = []
        for line in "".join(texts).splitlines():
            product, some, each = line.split(";")
            if int(some) >= least:
                total = str(int(some) * float(each))
                rows.append((product, units(some), price(each), total))
        return [Table(("producto", "unidades", "precio", "importe"), tuple(rows))]

    return answer


def whole(text: str) -> str:
    return str(int(text))


def measures(kept: Callable[[str], bool], shown: Callable[[str], str] = whole) -> Answer:
    def answer(lines: Data) -> list[Table]:
        pairs = [line.partition(": ")[::2] for line in lines]
        rows = [[(room, shown(v)) for v in values.split() if kept(v)] for room, values in pairs]
        return [Table(("sala", "grados"), tuple(some)) for some in rows]

    return answer


def points(total: Callable[[list[int]], int]) -> Answer:
    def answer(lines: Data) -> list[Table]:
        won: dict[str, list[int]] = {}
        tables = []
        for player, _, some in (line.partition(" ") for line in lines):
            if some:
                won.setdefault(player, []).append(int(some))
                rows = ((player, str(total(won[player]))),)
                tables.append(Table(("jugador", "puntos"), rows))
        return tables

    return answer


def bytes_of(encoding: str, end: str = "\n", last: str = "\n") -> Answer:
    return lambda lines: [sent([(end.join(lines) + last).encode(encoding)])]


def orders(most: int) -> Answer:
    def answer(texts: Data) -> list[Table]:
        rows = [(text.rstrip("\n"),) for text in texts]
        pieces = [tuple(rows[i : i + most]) for i in range(0, len(rows), most)]
        return [Table(("value",), piece) for piece in pieces]

    return answer


def kept_measures(again: bool, text: bool) -> Answer:
    def answer(texts: Data) -> list[Table]:
        def rows(some: Data) -> list[dict[str, object]]:
            fields = [line.split(";") for line in "".join(some).splitlines()]
            return [
                {"sensor": s, "grados": g if text else float(g)} for s, g in fields if float(g) > 30
            ]

        first, last = rows(texts[:-1]), rows(texts[-1:])
        return [stored(first), stored(first + first * again + last)]

    return answer


def is_digits(text: str) -> bool:
    return text.isdecimal()


def is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


WRONG: dict[str, tuple[str, Answer]] = {
    **{
        f"ventanas: espera {wait} min": ("ventanas", windows(15, wait))
        for wait in (0, 5, 9, 9.9, 10.1, 11, 13, 15, 30)
    },
    **{f"ventanas de {long}": ("ventanas", windows(long, 10)) for long in (5, 10, 14, 16, 20, 30)},
    "hola: sin palabras cortas": ("hola", words(lambda word: len(word) > 1)),
    "hola: con la vacía": ("hola", words(lambda word: True)),
    "hola: con mayúsculas": ("hola", words(bool, lower=False)),
    "fuentes: unidades de texto": ("fuentes", sales(str, lambda p: str(float(p)))),
    "fuentes: precio de texto": ("fuentes", sales(whole, str)),
    "fuentes: más de 5": ("fuentes", sales(whole, lambda p: str(float(p)), least=6)),
    "fuentes: 4 o más": ("fuentes", sales(whole, lambda p: str(float(p)), least=4)),
    "transformaciones: dos letras": ("transformaciones", measures(lambda v: len(v) == 2, str)),
    "transformaciones: sin negativos": ("transformaciones", measures(is_digits)),
    "transformaciones: texto": ("transformaciones", measures(is_number, str)),
    "transformaciones: una cifra no": (
        "transformaciones",
        measures(lambda v: is_number(v) and len(v) > 1),
    ),
    "modos: el mayor": ("modos", points(max)),
    "modos: el último": ("modos", points(lambda won: won[-1])),
    "modos: cuántas": ("modos", points(len)),
    "productor: Latin-1": ("productor", bytes_of("latin-1")),
    "productor: sin el último salto": ("productor", bytes_of("utf-8", last="")),
    "productor: saltos de Windows": ("productor", bytes_of("utf-8", "\r\n", "\r\n")),
    "triggers: de uno en uno": ("triggers", orders(1)),
    "triggers: de tres en tres": ("triggers", orders(3)),
    "triggers: todos": ("triggers", orders(99)),
    "sinks: repetidas": ("sinks", kept_measures(again=True, text=False)),
    "sinks: de texto": ("sinks", kept_measures(again=False, text=True)),
}
RIGHT: dict[str, tuple[str, Answer]] = {
    "ventanas": ("ventanas", windows(15, 10)),
    "hola": ("hola", words(bool)),
    "fuentes": ("fuentes", sales(whole, lambda p: str(float(p)))),
    "fuentes: DECIMAL": ("fuentes", sales(whole, lambda p: p.removeprefix("0"))),
    "transformaciones": ("transformaciones", measures(is_number)),
    "modos": ("modos", points(sum)),
    "productor": ("productor", bytes_of("utf-8")),
    "triggers": ("triggers", orders(2)),
    "sinks": ("sinks", kept_measures(again=False, text=False)),
}


def accepted(name: str, answer: Answer) -> list[int]:
    """The seeds whose data make ``answer`` look right."""
    exercise = EXERCISES[name]
    data = ((seed, exercise.data(random.Random(seed))) for seed in SEEDS)
    return [
        seed for seed, some in data if not [*differences(exercise.expected(some), answer(some))]
    ]


@pytest.mark.parametrize("fault", WRONG)
def test_no_seed_lets_a_fault_pass(fault: str) -> None:
    assert accepted(*WRONG[fault]) == []


@pytest.mark.parametrize("answer", RIGHT)
def test_no_seed_refuses_a_right_answer(answer: str) -> None:
    assert len(accepted(*RIGHT[answer])) == len(SEEDS)


def test_decimals_are_compared_as_numbers_and_texts_as_texts() -> None:
    def same(one: str, other: str) -> bool:
        return not [*differences([Table(("n",), ((one,),))], [Table(("n",), ((other,),))])]

    assert same("2.5", "2.50")
    assert same("-0.5", "-0.500")
    assert not same("2.5", "02.50")
    assert not same("8", "8.0")
    assert not same("8", "008")
    assert not same("1.", "1.0")


def test_only_what_the_skeleton_left_open_is_a_gap(tmp_path: Path) -> None:
    file = tmp_path / "hola.py"
    file.write_text(
        "def contar(*a: str) -> tuple[str, ...]:\n    # Mi comentario.\n    ...\n\n\n"
        "def cerrar(): ...\n\n\nclave = datos[..., 1]\n"
    )
    assert unfinished(file) == []
    file.write_text("# Completa: esto.\n...\na = ...\n\n\ndef f():\n    return ...\n")
    assert unfinished(file) == [2, 3, 7]

"""The data of each exercise tell a wrong program from a right one, whatever the seed.

A wrong program is here what plain Python makes of its fault: nothing runs Spark.
"""

import random
from functools import partial
from pathlib import Path

import pytest

from streamdocs.exercises.catalogue import (
    EXERCISES,
    caidas,
    fuentes,
    kafka,
    transformaciones,
    triggers,
    ventanas,
)
from streamdocs.exercises.check import unfinished
from streamdocs.exercises.compare import differences
from streamdocs.exercises.exercise import Answer, Data, Exercise, Mistake
from streamdocs.recording.tables import Table

SEEDS = range(2000)


def is_long_number(text: str) -> bool:
    return len(text) > 1 and text.removeprefix("-").isdecimal()


def without_zero(text: str) -> str:
    return text.removeprefix("0")


def without_first(texts: Data) -> Data:
    return texts[1:]


def without_last(texts: Data) -> Data:
    return texts[:-1]


WRONG: dict[str, tuple[str, Answer]] = {
    **{
        f"ventanas: espera {wait} min": ("ventanas", ventanas.closed(patience=wait))
        for wait in (5, 9, 9.9, 10.1, 11, 13, 30)
    },
    **{
        f"ventanas de {long}": ("ventanas", ventanas.closed(long=long))
        for long in (5, 14, 16, 20, 30)
    },
    "fuentes: más de 5": ("fuentes", partial(fuentes.many_units, least=6)),
    "fuentes: 4 o más": ("fuentes", partial(fuentes.many_units, least=4)),
    "transformaciones: una cifra no": (
        "transformaciones",
        partial(transformaciones.one_row_each, kept=is_long_number),
    ),
    **{
        f"kafka-avisos: desde {least}": (
            "kafka-avisos",
            partial(kafka.warm, hot=float(least).__le__),
        )
        for least in (7, 7.6, 8.2, 9)
    },
    "caidas: pierde el primer fichero": (
        "caidas",
        partial(caidas.orders, first=without_first, again=without_first),
    ),
    "caidas: pierde el que se repite": ("caidas", partial(caidas.orders, again=without_last)),
    "caidas-puntos: pierde el que se repite": (
        "caidas-puntos",
        partial(caidas.points, again=without_last),
    ),
    "kafka-ventanas: desde el tercero": ("kafka-ventanas", partial(kafka.summed, first=2)),
    "kafka-ventanas: de uno en uno": ("kafka-ventanas", partial(kafka.summed, each=1)),
    "kafka-ventanas: de tres en tres": ("kafka-ventanas", partial(kafka.summed, each=3)),
    "triggers: de tres en tres": ("triggers", partial(triggers.by, most=3)),
}
"""Faults that have no name."""

RIGHT: dict[str, tuple[str, Answer]] = {
    **{name: (name, exercise.answer) for name, exercise in EXERCISES.items()},
    "fuentes: DECIMAL": ("fuentes", partial(fuentes.many_units, price=without_zero)),
}


def _named(each: Exercise | Mistake) -> str:
    return each.name if isinstance(each, Exercise) else each.says.partition(":")[0]


MISTAKES = [
    (each, mistake)
    for each in EXERCISES.values()
    for mistake in each.mistakes
    if mistake.answer is not None
]


def accepted(name: str, answer: Answer) -> list[int]:
    """The seeds whose data make ``answer`` look right."""
    exercise = EXERCISES[name]
    data = ((seed, exercise.data(random.Random(seed))) for seed in SEEDS)
    return [seed for seed, some in data if not [*differences(exercise.answer(some), answer(some))]]


@pytest.mark.parametrize("fault", WRONG)
def test_no_seed_lets_a_fault_pass(fault: str) -> None:
    assert accepted(*WRONG[fault]) == []


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=_named)
def test_no_seed_lets_a_mistake_pass_or_be_taken_for_another(
    exercise: Exercise, mistake: Mistake
) -> None:
    assert mistake.answer is not None
    assert accepted(exercise.name, mistake.answer) == []
    others = [each.answer for each in exercise.mistakes if each is not mistake and each.answer]
    for seed in SEEDS:
        data = exercise.data(random.Random(seed))
        wrote = mistake.answer(data)
        assert all([*differences(other(data), wrote)] for other in others), seed


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

"""The data of each exercise tell a wrong program from a right one, whatever the seed.

A wrong program is here what plain Python makes of its fault: nothing runs Spark.
"""

import random
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from operator import neg
from pathlib import Path

import pytest

from streamdocs.exercises.catalogue import (
    EXERCISES,
    caidas,
    contratos,
    estado,
    fuentes,
    hola,
    joins,
    kafka,
    modos,
    parar,
    probar,
    productor,
    sinks,
    transformaciones,
    triggers,
    ventanas,
    vigilar,
)
from streamdocs.exercises.check import unfinished
from streamdocs.exercises.compare import differences
from streamdocs.exercises.exercise import Answer, Data, Exercise, Mistake
from streamdocs.recording.tables import Table

SEEDS = range(300)
MANY = range(5000)

each_seed = pytest.mark.parametrize(
    "seeds", [SEEDS, pytest.param(MANY, marks=pytest.mark.full)], ids=len
)


def is_long_number(text: str) -> bool:
    return len(text) > 1 and text.removeprefix("-").isdecimal()


def without_accents(text: str) -> str:
    return text.strip().lower().translate(str.maketrans("áéíóú", "aeiou"))


def is_number_or(rubbish: str) -> Callable[[str], bool]:
    return lambda text: text == rubbish or text.removeprefix("-").isdecimal()


def served(lines: Data, most: int) -> list[Table]:
    """What a server sends that ends after so many clients."""
    (table,) = productor.to_each(lines)
    return [Table(table.columns, tuple(row for row in table.rows if int(row[0] or 0) <= most))]


def without_repeats(texts: Data) -> Data:
    """The files, without the lines that have come before."""
    seen: set[str] = set()
    files = []
    for text in texts:
        lines = dict.fromkeys(text.splitlines(keepends=True))
        files.append("".join(line for line in lines if line not in seen))
        seen |= lines.keys()
    return files


def warned_once(texts: Data) -> list[Table]:
    """Of equal warnings, one."""
    *tables, warnings = modos.two_queries(texts)
    return [*tables, Table(warnings.columns, tuple(dict.fromkeys(warnings.rows)))]


def totals_by(texts: Data, most: int) -> list[Table]:
    """The totals of nights whose micro-batches have at most so many files."""
    first, last = texts[:-1], texts[-1:]
    pieces = ["".join(first[start : start + most]) for start in range(0, len(first), most)]
    return triggers.totals([*pieces, *last], apart=True)


def accounts_in_decimal(lines: Data) -> list[Table]:
    """The sums of money with their two decimals."""
    return [
        Table(table.columns, tuple((*row[:2], f"{float(row[2] or 0):.2f}") for row in table.rows))
        for table in transformaciones.accounts(lines)
    ]


def without_zero(text: str) -> str:
    return text.removeprefix("0")


def latin(line: str) -> int:
    return len(line.encode("latin-1"))


def upper(tag: str) -> str:
    return tag[1:].upper()


def has_two_letters(word: str) -> bool:
    return word.startswith("#") and len(word) > 2


def without_cents(price: str) -> Decimal:
    return Decimal(price.partition(",")[0].replace(".", ""))


def first(values: list[int]) -> int:
    return values[0]


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
    **{
        f"ventanas-deslizantes de {long}, cada {slide}": (
            "ventanas-deslizantes",
            partial(ventanas.slid, long=long, slide=slide),
        )
        for long, slide in ((3, 1), (2, 1), (2, 2), (4, 2), (4, 3), (5, 2))
    },
    **{
        f"ventanas-bizum: espera {wait} s": (
            "ventanas-bizum",
            partial(ventanas.paid, patience=wait),
        )
        for wait in (0, 29, 31, 60, 180)
    },
    **{
        f"ventanas-bizum de {long}": ("ventanas-bizum", partial(ventanas.paid, long=long))
        for long in (1, 2, 4, 5)
    },
    **{
        f"joins-plazo: esperan {waits}": ("joins-plazo", partial(joins.ridden, waits=waits))
        for waits in ((9, 10), (11, 10), (10, 9), (10, 11))
    },
    **{
        f"joins-plazo de {bound}": ("joins-plazo", partial(joins.ridden, bound=bound))
        for bound in (44, 44.9, 46, 60)
    },
    **{
        f"joins-sin-pareja: esperan {waits}": (
            "joins-sin-pareja",
            partial(joins.brought, waits=waits),
        )
        for waits in ((4, 5), (6, 5), (5, 4), (5, 6))
    },
    **{
        f"joins-sin-pareja de {bound}": (
            "joins-sin-pareja",
            partial(joins.brought, bound=bound),
        )
        for bound in (29, 29.9, 31)
    },
    **{
        f"estado: espera {wait} min": ("estado", partial(estado.once, patience=wait))
        for wait in (0, 5, 9, 11, 30)
    },
    **{
        f"estado-carritos: espera {wait} min": (
            "estado-carritos",
            partial(estado.closed, patience=wait),
        )
        for wait in (0, 2)
    },
    "joins: suma": ("joins", partial(joins.priced, due=lambda n, price: price and n + price)),
    "estado-puertas: solo las que se cierran": (
        "estado-puertas",
        partial(estado.moved, written=lambda before, now: (before, now) == ("abierta", "cerrada")),
    ),
    "estado-carritos: desde el último fichero": (
        "estado-carritos",
        partial(estado.closed, since=min),
    ),
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
    "ventanas-bizum: la media, con dos decimales": (
        "ventanas-bizum",
        partial(
            ventanas.paid,
            about=lambda euros: (
                *map(str, (round(sum(euros) / len(euros), 2), max(euros), min(euros))),
                str(len(euros)),
            ),
        ),
    ),
    "vigilar: el cero es malo": (
        "vigilar",
        partial(vigilar.noted, bad=lambda value: value is None or value < 1),
    ),
    "vigilar: el -1 es bueno": (
        "vigilar",
        partial(vigilar.noted, bad=lambda value: value is None or value < -1),
    ),
    "vigilar-viajeros: el -1 cuenta": (
        "vigilar-viajeros",
        partial(vigilar.counted, counts=lambda value: value >= -1),
    ),
    "vigilar-guardia: más de un tercio": (
        "vigilar-guardia",
        partial(vigilar.written, refuses=lambda rows, bad: 3 * bad > rows),
    ),
    "vigilar-guardia: más de dos tercios": (
        "vigilar-guardia",
        partial(vigilar.written, refuses=lambda rows, bad: 3 * bad > 2 * rows),
    ),
    "vigilar-guardia: más de uno": (
        "vigilar-guardia",
        partial(vigilar.written, refuses=lambda rows, bad: bad > 1),
    ),
    "parar: no dice nada": ("parar", partial(parar.told, right=False)),
    "parar: acaba con un 2": ("parar", partial(parar.told, code=2)),
    "parar-orden: envía antes lo que espera": ("parar-orden", partial(parar.sent, rest=True)),
    **{
        f"probar: sin la fila {row}": (
            "probar",
            partial(probar.noticed, rows=[each for each in probar.FULL if each != row]),
        )
        for row in probar.FULL
    },
    "probar: solo por delante": (
        "probar",
        partial(probar.noticed, rows=[("sol ", 1), *probar.FULL[1:]]),
    ),
    "contratos: lo malo se tira": (
        "contratos",
        lambda texts: contratos.sorted_by(texts)[:1],
    ),
    "contratos: un solo motivo": (
        "contratos",
        partial(contratos.sorted_by, reasons={"le falta el id": "no es lo acordado"}),
    ),
    "kafka-ventanas: desde el tercero": ("kafka-ventanas", partial(kafka.summed, first=2)),
    "kafka-ventanas: de uno en uno": ("kafka-ventanas", partial(kafka.summed, each=1)),
    "kafka-ventanas: de tres en tres": ("kafka-ventanas", partial(kafka.summed, each=3)),
    "productor-numerar: desde el 2": ("productor-numerar", partial(productor.numbered, first=2)),
    "productor-numerar: Latin-1": ("productor-numerar", partial(productor.numbered, size=latin)),
    "productor-servidor: desde el 2": (
        "productor-servidor",
        partial(productor.to_each, first=2),
    ),
    "productor-servidor: dos clientes": ("productor-servidor", partial(served, most=2)),
    "modos-dos-consultas: los avisos, sin repetir": ("modos-dos-consultas", warned_once),
    "sinks: sin repetir": ("sinks", lambda texts: sinks._stored_twice(without_repeats(texts))),
    "sinks-sqlite: sin repetir": (
        "sinks-sqlite",
        lambda texts: sinks.summed(without_repeats(texts)),
    ),
    "caidas: sin repetir": ("caidas", lambda texts: caidas.orders(without_repeats(texts))),
    "caidas-puntos: sin repetir": (
        "caidas-puntos",
        lambda texts: caidas.points(without_repeats(texts)),
    ),
    "triggers-cron: de dos en dos": ("triggers-cron", partial(totals_by, most=2)),
    "triggers-cron: de tres en tres": ("triggers-cron", partial(totals_by, most=3)),
    "transformaciones: el guion, un número": (
        "transformaciones",
        partial(transformaciones.one_row_each, kept=is_number_or("-"), shown=str),
    ),
    "transformaciones: la interrogación, un número": (
        "transformaciones",
        partial(transformaciones.one_row_each, kept=is_number_or("?"), shown=str),
    ),
    "hola-longitudes: dos letras": ("hola-longitudes", partial(hola.by_length, least=2)),
    "hola-longitudes: una letra": ("hola-longitudes", partial(hola.by_length, least=1)),
    "hola-etiquetas: en mayúsculas": ("hola-etiquetas", partial(hola.tags, shown=upper)),
    "hola-etiquetas: dos letras": ("hola-etiquetas", partial(hola.tags, kept=has_two_letters)),
    "fuentes-decimales: sin céntimos": (
        "fuentes-decimales",
        partial(fuentes.amounts, price=without_cents),
    ),
    "fuentes-decimales: unidades, texto": (
        "fuentes-decimales",
        partial(fuentes.amounts, units=str),
    ),
    "fuentes-malas: 30 letras": ("fuentes-malas", partial(fuentes.not_understood, width=30)),
    "modos-bizum: el más bajo": ("modos-bizum", partial(modos.highest, chosen=min)),
    "modos-bizum: el primero": ("modos-bizum", partial(modos.highest, chosen=first)),
    "modos-dos-consultas: desde 9": ("modos-dos-consultas", partial(modos.two_queries, least=9)),
    "modos-dos-consultas: el mayor": (
        "modos-dos-consultas",
        partial(modos.two_queries, total=max),
    ),
    "triggers: de tres en tres": ("triggers", partial(triggers.by, most=3)),
    "sinks-carpetas: euros como texto": ("sinks-carpetas", sinks.by_city("{food};{euros:.2f}")),
    "sinks-carpetas: la ciudad, también dentro": (
        "sinks-carpetas",
        sinks.by_city("{city};{food};{euros}", "ciudad;producto;euros"),
    ),
    "sinks-sqlite: las devoluciones suman": ("sinks-sqlite", partial(sinks.summed, counts=abs)),
    **{
        f"triggers-cinco: de {most} en {most}": (
            "triggers-cinco",
            partial(triggers.five, most=most),
        )
        for most in (1, 2, 4, 6)
    },
    "triggers-cinco: el más caro": ("triggers-cinco", partial(triggers.five, total=max)),
    "triggers-cron: con otro signo": ("triggers-cron", partial(triggers.totals, counts=neg)),
    "transformaciones-acentos: sin la diéresis": (
        "transformaciones-acentos",
        partial(transformaciones.same_way, written=without_accents),
    ),
    "transformaciones-acentos: en mayúsculas": (
        "transformaciones-acentos",
        partial(transformaciones.same_way, written=str.upper),
    ),
    **{
        f"transformaciones-bizum: {least} o más": (
            "transformaciones-bizum",
            partial(transformaciones.accounts, least=least),
        )
        for least in (-0.5, 0.51, 1, 2)
    },
}
"""Faults that have no name."""

RIGHT: dict[str, tuple[str, Answer]] = {
    **{name: (name, exercise.answer) for name, exercise in EXERCISES.items()},
    "transformaciones-bizum: DECIMAL": ("transformaciones-bizum", accounts_in_decimal),
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


def accepted(name: str, answer: Answer, seeds: range) -> list[int]:
    """Those of ``seeds`` whose data make ``answer`` look right."""
    exercise = EXERCISES[name]
    data = ((seed, exercise.data(random.Random(seed))) for seed in seeds)
    return [seed for seed, some in data if not [*differences(exercise.answer(some), answer(some))]]


@each_seed
@pytest.mark.parametrize("fault", WRONG)
def test_no_seed_lets_a_fault_pass(fault: str, seeds: range) -> None:
    assert accepted(*WRONG[fault], seeds) == []


@each_seed
@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES, ids=_named)
def test_no_seed_lets_a_mistake_pass_or_be_taken_for_another(
    exercise: Exercise, mistake: Mistake, seeds: range
) -> None:
    assert mistake.answer is not None
    assert accepted(exercise.name, mistake.answer, seeds) == []
    others = [each.answer for each in exercise.mistakes if each is not mistake and each.answer]
    for seed in seeds:
        data = exercise.data(random.Random(seed))
        wrote = mistake.answer(data)
        assert all([*differences(other(data), wrote)] for other in others), seed


@each_seed
@pytest.mark.parametrize("answer", RIGHT)
def test_no_seed_refuses_a_right_answer(answer: str, seeds: range) -> None:
    assert len(accepted(*RIGHT[answer], seeds)) == len(seeds)


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

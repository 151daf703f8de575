"""An exercise on tests: they must pass on what is right, and fail on what is wrong."""

import random
from collections.abc import Callable, Sequence
from functools import partial

from streamdocs.exercises.drive_tested import FAILS, PASSES, said_of, tested
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

Passengers = int | None
Row = tuple[str, Passengers]


def _least(least: int) -> Callable[[Passengers], bool]:
    return lambda passengers: passengers is not None and passengers >= least


_KEEPS: dict[str, Callable[[Passengers], bool]] = {
    **dict.fromkeys(("viajeros >= 1", "viajeros > 0", "NOT viajeros < 1"), _least(1)),
    **dict.fromkeys(("viajeros >= 2", "viajeros > 1"), _least(2)),
    **dict.fromkeys(("viajeros >= 0", "viajeros > -1"), _least(0)),
    "viajeros <> 0": lambda passengers: passengers is not None and passengers != 0,
    "abs(viajeros) > 0": lambda passengers: passengers is not None and passengers != 0,
    "viajeros IS NULL OR viajeros > 0": lambda passengers: passengers is None or passengers > 0,
    "coalesce(viajeros, 1) > 0": lambda passengers: passengers is None or passengers > 0,
    "true": lambda passengers: True,
    "false": lambda passengers: False,
}
_WRITES: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(
        ("upper(trim(parada))", "trim(upper(parada))"), lambda text: text.strip().upper()
    ),
    "upper(parada)": str.upper,
    "upper(ltrim(parada))": lambda text: text.lstrip().upper(),
    "upper(rtrim(parada))": lambda text: text.rstrip().upper(),
    "trim(parada)": str.strip,
    "initcap(trim(parada))": lambda text: text.strip().title(),
    "lower(trim(parada))": lambda text: text.strip().lower(),
    "parada": lambda text: text,
}
_RIGHT_KEEPS = ("viajeros >= 1", "viajeros > 0", "NOT viajeros < 1")
_RIGHT_WRITES = ("upper(trim(parada))", "trim(upper(parada))")
_WRONG_KEEPS = (
    ("viajeros >= 2", "viajeros > 1"),
    ("viajeros >= 0", "viajeros > -1"),
    ("viajeros <> 0", "abs(viajeros) > 0"),
    ("viajeros IS NULL OR viajeros > 0", "coalesce(viajeros, 1) > 0"),
    ("true", "false"),
)
"""Of each fault, how it can be written."""
_WRONG_WRITES = (
    ("upper(ltrim(parada))",),
    ("upper(rtrim(parada))",),
    ("trim(parada)", "initcap(trim(parada))", "lower(trim(parada))"),
    ("upper(parada)", "parada"),
)

FULL: Sequence[Row] = ((" sol ", 1), ("mar", 0), ("rio", -1), ("luz", None))
"""The rows of the solution's test."""


def _versions(chance: random.Random) -> Data:
    """A right one, and one with each fault, in any order."""
    pairs: list[tuple[Sequence[str], Sequence[str]]] = [(_RIGHT_KEEPS, _RIGHT_WRITES)]
    pairs += [(keeps, _RIGHT_WRITES) for keeps in _WRONG_KEEPS]
    pairs += [(_RIGHT_KEEPS, writes) for writes in _WRONG_WRITES]
    drawn = [f"{chance.choice(keeps)}; {chance.choice(writes)}" for keeps, writes in pairs]
    return chance.sample(drawn, len(drawn))


def _cleaned(version: str, rows: Sequence[Row]) -> list[tuple[str, Passengers]]:
    condition, _, place = version.partition("; ")
    return [(_WRITES[place](name), number) for name, number in rows if _KEEPS[condition](number)]


def noticed(
    versions: Data,
    rows: Sequence[Row] = FULL,
    seen: Callable[[list[Row]], object] = lambda rows: rows,
) -> list[Table]:
    """What a test says that compares what it has ``seen`` of the cleaned ``rows``."""
    right = seen(_cleaned(f"{_RIGHT_KEEPS[0]}; {_RIGHT_WRITES[0]}", rows))
    said = [PASSES if seen(_cleaned(each, rows)) == right else FAILS for each in versions]
    return [said_of(versions, said)]


def always(versions: Data, said: str) -> list[Table]:
    """What a test says that says the same of all."""
    return [said_of(versions, [said] * len(versions))]


_COMPARES = "    assertDataFrameEqual(limpiar(subidas), esperadas)\n"

EXERCISES = (
    Exercise(
        "probar",
        "probar",
        "completa",
        "una prueba que nota lo que está mal",
        _versions,
        tested,
        noticed,
        (
            Mistake(
                "pasa siempre, haga lo que haga `limpiar`: no la llama, o no compara nada",
                ((_COMPARES, ""),),
                partial(always, said=PASSES),
            ),
            Mistake(
                "falla siempre, también cuando `limpiar` está bien: mira qué espera tu prueba",
                (('[("SOL", 1)]', '[("SOL", 2)]'),),
                partial(always, said=FAILS),
            ),
            Mistake(
                "mira cuántas filas salen, y no qué dicen: compara las filas enteras",
                ((_COMPARES, "    assert limpiar(subidas).count() == esperadas.count()\n"),),
                partial(noticed, seen=len),
            ),
            Mistake(
                "no prueba los bordes: con filas buenas y una mala cualquiera, lo que está mal por "
                "poco no se nota",
                (
                    (
                        '(" sol ", 1), ("mar", 0), ("rio", -1), ("luz", None)',
                        '("sol ", 7), ("mar", -3)',
                    ),
                    ('("SOL", 1)', '("SOL", 7)'),
                ),
                partial(noticed, rows=(("sol ", 7), ("mar", -3))),
            ),
        ),
    ),
)

"""Read what a query keeps after a micro-batch: one table of its state, or a store for each part."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from streamdocs.recording import tables
from streamdocs.recording.record import Store
from streamdocs.recording.tables import Table, TraceError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_JOIN = "symmetricHashJoin"
_NAMES = {
    _JOIN: "join",
    "stateStoreSave": "agregación",
    "sessionWindowStateStoreSaveExec": "sesiones",
    "dedupe": "quitar repetidos",
    "dedupeWithinWatermark": "quitar repetidos",
}
_SIDES = {"left": "izquierda", "right": "derecha"}

Kept = tuple[Table | None, tuple[Store, ...]]
"""The state of a query that keeps one table, or else its stores."""


def read(told: dict[str, Any], checkpoint: Callable[[], Path], sources: Sequence[str]) -> Kept:
    """What is kept after the micro-batch of which a progress has ``told``.

    ``sources`` are the names of what the query reads. Raises TraceError where the kind of an
    operator is unknown, or where Spark counts more or fewer rows.
    """
    kinds = [operator["operatorName"] for operator in told["stateOperators"]]
    if not kinds:
        return None, ()
    if kinds != [_JOIN] and len(kinds) == 1:
        return _table(_load(checkpoint(), told["batchId"]).select("key.*", "value.*")), ()
    found: list[Store] = []
    for number, name in _named(kinds):
        load = partial(_load, checkpoint(), told["batchId"], operatorId=number)
        of_it = _sides(load, name, sources) if kinds[number] == _JOIN else (_whole(load, name),)
        counted = told["stateOperators"][number]["numRowsTotal"]
        rows = sum(len(store.table.rows) for store in of_it)
        if rows != counted:
            raise TraceError(
                f"Tras el batch {told['batchId']}, el estado ({name}) tiene {counted} filas según "
                f"Spark, y encuentro {rows}: así no se puede registrar."
            )
        found += of_it
    return None, tuple(found)


def _named(kinds: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The number and the name of each operator, in the order in which rows reach them.

    A progress tells of them from the last one back, and so Spark numbers them.
    """
    unknown = [kind for kind in kinds if kind not in _NAMES]
    if unknown:
        raise TraceError(
            f"No sé enseñar lo que guarda {unknown[0]} si no está solo: quita «:record:»."
        )
    names = [_NAMES[kind] for kind in kinds]
    for number in reversed(range(len(kinds))):
        name = names[number]
        place = names[number:].count(name)
        yield number, f"{name} {place}" if names.count(name) > 1 else name


def _whole(load: Callable[..., "DataFrame"], name: str) -> Store:
    """What an operator keeps that has one store."""
    frame = load()
    keys = len(frame.select("key.*").columns)
    return Store(name, keys, _table(frame.select("key.*", "value.*")))


def _sides(
    load: Callable[..., "DataFrame"], name: str, sources: Sequence[str]
) -> tuple[Store, ...]:
    """What a join keeps, called as the sources if they are two and nothing else is joined."""
    alone = name == _NAMES[_JOIN] and len(set(sources)) == len(sources) == len(_SIDES)
    names = sources if alone else [f"{name}, {side}" for side in _SIDES.values()]
    # What stands in the key stands in the row, too.
    frames = [load(joinSide=side).select("value.*") for side in _SIDES]
    return tuple(
        Store(title, len(frame.columns), _table(frame))
        for title, frame in zip(names, frames, strict=True)
    )


def _load(checkpoint: Path, batch: int, **options: str | int) -> "DataFrame":
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    assert session
    state = session.read.format("statestore").option("batchId", batch)
    return state.options(**options).load(str(checkpoint))


def _table(frame: "DataFrame") -> Table:
    return tables.table(frame._jdf.showString(2**31 - 1, 0, False))

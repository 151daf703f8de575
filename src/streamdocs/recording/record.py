"""What each micro-batch of a query read, kept as state and wrote: a record, to be played again.

A record is stored as JSON in the outputs of its page, in pieces: one under each cell that caused
micro-batches. The classes here are its schema.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct, field

from streamdocs.recording.tables import Table, TraceError

RECORD_MIME = "application/vnd.streamdocs.trace+json"
"""The kind of output under which a cell keeps the micro-batches that it caused."""

Name = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0)]
Instant = Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z")]
"""A moment as Spark writes it."""


class Line(Struct, frozen=True, forbid_unknown_fields=True):
    """A line that a query read, who it came from, and when it arrived, if that is known."""

    text: str
    origin: str = field(name="from")
    at: Instant | None


class Store(Struct, frozen=True, forbid_unknown_fields=True):
    """What one of several operators keeps, or one side of a join, under a name for the reader.

    The first ``keys`` columns tell its rows apart; those of a join's side do it all together.
    """

    name: Name
    keys: Count
    table: Table


class Batch(Struct, frozen=True, forbid_unknown_fields=True, rename="camel", omit_defaults=True):
    """A micro-batch: when its trigger started, the milliseconds that it took, what it did.

    ``state`` is the state after it, ``watermark`` what it went by, ``waiting`` how many rows the
    sources had that it left for later; None where there is none, or no source says so. A query
    that keeps its state in several ``stores``, in the order in which rows reach them, has no
    ``state``.
    """

    id: Count
    start: Instant
    duration: Count
    input: tuple[Line, ...]
    input_rows: Count
    state: Table | None
    watermark: Instant | None
    output: Table
    dropped: Count
    waiting: Count | None = None
    stores: tuple[Store, ...] = ()

    @property
    def kept(self) -> tuple[tuple[str, Table], ...]:
        """The tables of the state after it, by their names; by none where there is but one."""
        one = () if self.state is None else (("", self.state),)
        return one + tuple((store.name, store.table) for store in self.stores)


class Record(Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A query under the name that the page gives it, and micro-batches of it, in order."""

    name: Name
    mode: Literal["append", "update", "complete"]
    trigger: str
    run_id: Name
    batches: tuple[Batch, ...]

    def __post_init__(self) -> None:
        """Raise TraceError where the record contradicts itself."""
        ids = [batch.id for batch in self.batches]
        if ids != sorted(set(ids)):
            raise TraceError(f"El registro «{self.name}» no tiene sus batches en orden: {ids}.")
        for batch in self.batches:
            where = f"El batch {batch.id} de «{self.name}»"
            lines, rows = len(batch.input), batch.input_rows
            if lines != rows:
                raise TraceError(f"{where} tiene {lines} líneas, y Spark contó {rows} filas.")
            for table in (batch.output, *(table for _, table in batch.kept)):
                if any(len(row) != len(table.columns) for row in table.rows):
                    raise TraceError(f"{where} tiene una fila que no cabe en sus columnas.")
            if any(store.keys > len(store.table.columns) for store in batch.stores):
                raise TraceError(f"{where} tiene una clave con más columnas que su tabla.")


def to_json(record: Record | Table) -> dict[str, Any]:
    """``record``, or a table of one, as the JSON that is stored."""
    data: dict[str, Any] = msgspec.to_builtins(record)
    return data


def from_json(data: Any) -> Record:
    """The record that ``data`` holds.

    Raises TraceError, with the place, when it is no record or contradicts itself.
    """
    try:
        return msgspec.convert(data, Record)
    except msgspec.ValidationError as error:
        raise TraceError(f"El registro está mal: {error}") from None


def join(pieces: Iterable[Record]) -> dict[str, Record]:
    """The whole records of a page, by name, from the pieces under its cells, in order.

    Raises TraceError when two queries go by one name.
    """
    whole: dict[str, Record] = {}
    for piece in pieces:
        before = whole.get(piece.name)
        if before is None:
            whole[piece.name] = piece
        elif before.run_id == piece.run_id:
            batches = before.batches + piece.batches
            whole[piece.name] = msgspec.structs.replace(piece, batches=batches)
        else:
            raise TraceError(f"Hay dos consultas con «:record: {piece.name}»: cambia un nombre.")
    return whole

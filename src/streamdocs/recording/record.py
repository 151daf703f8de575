"""What each micro-batch of a query read, kept as state and wrote: a record, to be played again.

A record is stored as JSON in the outputs of its page, in pieces: one under each cell that caused
micro-batches. ``trace.schema.json`` is its schema.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from nbformat import NotebookNode

from streamdocs.recording.tables import Table, TraceError

MIME = "application/vnd.streamdocs.trace+json"
"""The kind of output under which a cell keeps the micro-batches that it caused."""


@dataclass(frozen=True)
class Line:
    """A line that a query read, who it came from, and when it arrived, if that is known."""

    text: str
    origin: str
    at: str | None


@dataclass(frozen=True)
class Batch:
    """A micro-batch: when its trigger started, the milliseconds that it took, what it did.

    ``state`` is the state after it, ``watermark`` what it went by; None where there is none.
    """

    id: int
    start: str
    duration: int
    input: tuple[Line, ...]
    input_rows: int
    state: Table | None
    watermark: str | None
    output: Table
    dropped: int


@dataclass(frozen=True)
class Record:
    """A query under the name that the page gives it, and micro-batches of it, in order."""

    name: str
    mode: str
    trigger: str
    run_id: str
    batches: tuple[Batch, ...]


def to_json(record: Record) -> dict[str, Any]:
    """``record`` as the JSON of the schema."""
    return {
        "name": record.name,
        "mode": record.mode,
        "trigger": record.trigger,
        "runId": record.run_id,
        "batches": [_batch_to_json(batch) for batch in record.batches],
    }


def _batch_to_json(batch: Batch) -> dict[str, Any]:
    return {
        "id": batch.id,
        "start": batch.start,
        "duration": batch.duration,
        "input": [{"text": line.text, "from": line.origin, "at": line.at} for line in batch.input],
        "inputRows": batch.input_rows,
        "state": batch.state and table_to_json(batch.state),
        "watermark": batch.watermark,
        "output": table_to_json(batch.output),
        "dropped": batch.dropped,
    }


def table_to_json(table: Table) -> dict[str, Any]:
    """``table`` as the JSON of the schema."""
    return {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}


def from_json(data: Any) -> Record:
    """The record that ``data`` holds.

    Raises TraceError, with the place, when it is not as the schema says or contradicts itself.
    """
    for error in _validator().iter_errors(data):
        raise TraceError(f"El registro está mal en {error.json_path}: {error.message}")
    batches = tuple(_batch(batch) for batch in data["batches"])
    record = Record(data["name"], data["mode"], data["trigger"], data["runId"], batches)
    _check(record)
    return record


@cache
def _validator() -> Draft202012Validator:
    schema = files("streamdocs.recording").joinpath("trace.schema.json").read_text("utf-8")
    return Draft202012Validator(json.loads(schema))


def _batch(data: dict[str, Any]) -> Batch:
    return Batch(
        data["id"],
        data["start"],
        data["duration"],
        tuple(Line(line["text"], line["from"], line["at"]) for line in data["input"]),
        data["inputRows"],
        data["state"] and _table(data["state"]),
        data["watermark"],
        _table(data["output"]),
        data["dropped"],
    )


def _table(data: dict[str, Any]) -> Table:
    return Table(tuple(data["columns"]), tuple(tuple(row) for row in data["rows"]))


def _check(record: Record) -> None:
    """Raise TraceError where a record contradicts itself."""
    ids = [batch.id for batch in record.batches]
    if ids != sorted(set(ids)):
        raise TraceError(f"El registro «{record.name}» no tiene sus batches en orden: {ids}.")
    for batch in record.batches:
        where = f"El batch {batch.id} de «{record.name}»"
        if len(batch.input) != batch.input_rows:
            raise TraceError(
                f"{where} tiene {len(batch.input)} líneas, y Spark contó {batch.input_rows} filas."
            )
        for table in filter(None, (batch.state, batch.output)):
            if any(len(row) != len(table.columns) for row in table.rows):
                raise TraceError(f"{where} tiene una fila que no cabe en sus columnas.")


def join(pieces: Iterable[Record]) -> dict[str, Record]:
    """The whole records of a page, by name, from the pieces under its cells, in order.

    Raises TraceError when two queries go by one name.
    """
    whole: dict[str, Record] = {}
    for piece in pieces:
        before = whole.get(piece.name, replace(piece, batches=()))
        if before.run_id != piece.run_id:
            raise TraceError(f"Hay dos consultas con «:record: {piece.name}»: cambia un nombre.")
        whole[piece.name] = replace(piece, batches=before.batches + piece.batches)
        _check(whole[piece.name])
    return whole


def of_notebook(notebook: NotebookNode) -> dict[str, Record]:
    """The records that an executed page holds, by name."""
    outputs = (
        output
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if MIME in output.get("data", {})
    )
    return join(from_json(output.data[MIME]) for output in outputs)

"""Show what was recorded: players and predictions, which are tables where nothing can be played."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import msgspec
from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx

from streamdocs.publishing.components import PAGE, Component, add, hold
from streamdocs.publishing.runs import RECORDS
from streamdocs.recording.record import Batch, Record, from_json, join, to_json
from streamdocs.recording.tables import Table, TraceError

STREAM = Component(
    "stream",
    "stream.css",
    # The first four need no page; the others build with what components share.
    tuple(
        f"stream-{job}.js"
        for job in (
            *("story", "words", "hints", "scales"),
            *("tables", "drawings", "backlog", "player", "predict"),
        )
    ),
    needs=(PAGE,),
)
"""What players and predictions load.

:meta hide-value:
"""

_FORMAT = "streamdocs-trace"
"""The format of the raw nodes that carry a record to ``fill``; no builder writes it."""

_ASKS = "stream-asks"
"""The class of what holds a prediction: the component finds by it what is folded after it."""

_INPUT = "Lee"
_STATE = "Estado"
_OUTPUT = "Escribe"


class Player(Directive):
    """A player of one query or of several side by side; its argument is the title.

    One line a query: its name in ``:record:``, and after a colon its label. ``:batches:`` plays
    only so many, so that it does not answer what the page asks later.
    """

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar = {
        "view": lambda text: directives.choice(text, ("tables", "triggers", "windows", "backlog")),
        "autoplay": directives.flag,
        "batches": directives.positive_int,
    }

    def run(self) -> list[nodes.Node]:
        """A container that ``fill`` fills once the records are there."""
        pairs = (line.partition(":") for line in self.content)
        names = [(name.strip(), label.strip() or name.strip()) for name, _, label in pairs]
        title = self.arguments[0] if self.arguments else ""
        asked = {"title": title, "names": names, "view": "tables", **self.options}
        return [nodes.container("", player=asked, line=self.lineno)]


class Predict(Directive):
    """Asks for the table that a micro-batch writes; its argument is the name of the record.

    What follows it, up to the next heading or question, gives the answer: it is folded.
    """

    required_arguments = 1
    option_spec: ClassVar = {
        "batch": directives.nonnegative_int,
        "title": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """A container that ``fill`` fills once the records are there."""
        for option in ("batch", "title"):
            if option not in self.options:
                raise self.error(f"A «predict» le falta «:{option}:».")
        asked = {"name": self.arguments[0], **self.options}
        return [nodes.container("", predict=asked, line=self.lineno, classes=[_ASKS])]


def carry(record: Any) -> nodes.raw:
    """What stands in a cell's output for the JSON of a ``record``: nothing that is shown."""
    return nodes.raw("", json.dumps(record), format=_FORMAT)


def fill(tree: nodes.document) -> list[tuple[int, str]]:
    """Fill the players and predictions of a page; line and text of what is wrong with them."""
    elements = {"player": _player, "predict": _predict}
    found = list(tree.findall(nodes.container))
    try:
        records = join(_take(tree))
    except TraceError as error:
        return [(1, str(error))]
    env, problems = tree.settings.env, []
    env.metadata[env.docname][RECORDS] = records
    for node, kind in [(node, kind) for node in found for kind in elements if kind in node]:
        try:
            node.extend(elements[kind](node[kind], records))
            if kind == "predict":
                _fold_answer(node)
            hold(env, STREAM)
        except TraceError as error:
            problems.append((node["line"], str(error)))
    return problems


def _fold_answer(node: nodes.container) -> None:
    """Put what follows a prediction, up to the next heading or question, behind a line."""
    parent = node.parent
    first = parent.index(node) + 1
    rest = parent.children[first:]
    stops = (place for place, child in enumerate(rest) if _begins_anew(child))
    last = first + next(stops, len(rest))
    if last > first:
        parent.insert(last, _html("</details>"))
        summary = '<details class="stream-after"><summary>Lo que salió</summary>'
        parent.insert(first, _html(summary))


def _begins_anew(node: nodes.Node) -> bool:
    return isinstance(node, nodes.section) or (
        isinstance(node, nodes.container) and ("predict" in node or "question" in node)
    )


def _take(tree: nodes.document) -> Iterator[Record]:
    """Take the records out of the cells' outputs."""
    for node in [node for node in tree.findall(nodes.raw) if node["format"] == _FORMAT]:
        yield from_json(json.loads(node.astext()))
        node.parent.remove(node)


def _find(name: str, records: dict[str, Record]) -> Record:
    if name not in records:
        known = ", ".join(records) or "ninguna"
        raise TraceError(
            f"ninguna celda con «:record: {name}» ha hecho un micro-batch; hay: {known}"
        )
    return records[name]


def _player(asked: dict[str, Any], records: dict[str, Record]) -> list[nodes.Node]:
    found = [
        (label, _first(_find(name, records), asked.get("batches")))
        for name, label in asked["names"]
    ]
    if not any(_shows_data(batch) for _, record in found for batch in record.batches):
        raise TraceError("el «player» no tiene nada que enseñar: nombra una grabación con filas")
    data = {
        "title": asked["title"],
        "records": [{"label": label, "record": to_json(record)} for label, record in found],
    }
    fallback: list[nodes.Node] = [bold(asked["title"])] if asked["title"] else []
    for label, record in found:
        fallback += [bold(label)] if len(found) > 1 else []
        for batch in record.batches:
            fallback += _tables(batch)
    moves = " autoplay" if "autoplay" in asked else ""
    return element(f'stream-player view="{asked["view"]}"{moves}', data, fallback)


def _first(record: Record, count: int | None) -> Record:
    """The record of the first ``count`` micro-batches; of all without a count."""
    return msgspec.structs.replace(record, batches=record.batches[:count])


def _shows_data(batch: Batch) -> bool:
    return bool(batch.input_rows or batch.output.rows)


def _tables(batch: Batch) -> Iterator[nodes.Node]:
    """What a micro-batch read, kept and wrote."""
    yield nodes.paragraph("", f"Batch {batch.id}")
    lines = tuple((line.text, line.origin) for line in batch.input)
    yield from table_of(_INPUT, Table(("línea", "de"), lines))
    if batch.waiting is not None:
        yield nodes.paragraph("", f"Esperando: {batch.waiting}")
    for name, table in batch.kept:
        yield from table_of(f"{_STATE} ({name})" if name else _STATE, table)
    yield from table_of(_OUTPUT, batch.output)


def _predict(asked: dict[str, Any], records: dict[str, Record]) -> list[nodes.Node]:
    record = _find(asked["name"], records)
    batches = {batch.id: batch for batch in record.batches}
    if asked["batch"] not in batches:
        known = ", ".join(map(str, batches))
        raise TraceError(f"«{record.name}» no tiene el batch {asked['batch']}; tiene: {known}")
    batch, before = batches[asked["batch"]], batches.get(asked["batch"] - 1)
    data = {
        "title": asked["title"],
        "name": f"{record.name} {batch.id}",
        "mode": record.mode,
        **to_json(batch.output),
        "shown": before.output.rows if before else [],
        "input": [line.text for line in batch.input],
        "earlier": [one.output.rows for one in record.batches if one.id < batch.id],
        "state": batch.state.rows if batch.state else None,
    }
    answer = table_of(_OUTPUT, batch.output)
    details = [_html("<details><summary>Ver la respuesta</summary>"), *answer, _html("</details>")]
    return element("stream-predict", data, [bold(asked["title"]), *details])


def element(tag: str, data: dict[str, Any], fallback: Sequence[nodes.Node]) -> list[nodes.Node]:
    """A custom element with its data, and in it what is shown where it does not work."""
    # No «<» can end the script or open a comment in it.
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return [
        _html(f'<{tag}><script type="application/json">{text}</script>'),
        nodes.container("", *fallback, classes=["stream-fallback"]),
        _html(f"</{tag.partition(' ')[0]}>"),
    ]


def _html(text: str) -> nodes.raw:
    return nodes.raw("", text, format="html")


def bold(text: str) -> nodes.paragraph:
    """What stands where a title would be numbered."""
    return nodes.paragraph("", "", nodes.strong("", text))


def table_of(title: str, table: Table) -> list[nodes.Node]:
    """A table with its title; a sentence where it has no rows."""
    if not table.rows:
        return [nodes.paragraph("", f"{title}: ninguna fila.")]
    head = nodes.thead("", _row(table.columns))
    body = nodes.tbody("", *(_row(row) for row in table.rows))
    columns = [nodes.colspec(colwidth=1) for _ in table.columns]
    group = nodes.tgroup("", *columns, head, body, cols=len(columns))
    # Not a title of the table: Sphinx wants to number those.
    return [nodes.paragraph("", title), nodes.table("", group)]


def _row(values: Iterable[str | None]) -> nodes.row:
    texts = ("NULL" if value is None else value for value in values)
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", text)) for text in texts))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives, and what their components need in a browser."""
    app.add_directive("player", Player)
    app.add_directive("predict", Predict)
    add(app, STREAM)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

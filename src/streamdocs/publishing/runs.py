"""What the cells of the pages ran and what came of it, to be asked about: each thing has a name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.environment import BuildEnvironment

from streamdocs.course.options import PageError
from streamdocs.recording import tables
from streamdocs.recording.record import Batch, Record
from streamdocs.recording.tables import Table, TraceError
from streamdocs.system.terminal import TERMINAL_MIME

_RAN = "streamdocs_ran"
"""The page's metadata with its cells that have a name."""

RECORDS = "streamdocs_records"
"""The page's metadata with its records, by name."""

NO_ERROR = "ninguno"
"""The condition of a cell that does not fail."""

TERMINAL = "%%terminal"
"""How a cell begins that is typed into a terminal."""

PROGRAMS = frozenset(("code", "typed"))
"""The kinds of what is run; the others are what comes of it."""


@dataclass(frozen=True)
class Shown:
    """What a reader sees of a run: tables, or a text of some kind."""

    kind: str
    text: str = ""
    tables: tuple[Table, ...] = ()

    @property
    def same(self) -> object:
        """What is equal in what a reader cannot tell apart: the order of rows means nothing."""
        rows = [(table.columns, sorted(map(str, table.rows))) for table in self.tables]
        return str(rows) if rows else " ".join(self.text.split())


@dataclass(frozen=True)
class Ran:
    """A cell that ran: what it is called, what it says and printed, and how it failed."""

    label: str
    example: str
    raises: str
    source: str
    output: str

    @property
    def typed(self) -> str:
        """What it says, without the name of its terminal if it has one."""
        is_terminal = self.source.startswith(TERMINAL)
        return self.source.partition("\n")[2] if is_terminal else self.source


@dataclass(frozen=True)
class Runs:
    """What ran on a page."""

    cells: tuple[Ran, ...] = ()
    records: Mapping[str, Record] = field(default_factory=dict)

    def cell(self, name: str) -> Ran | None:
        """The cell with this ``:label:``, or else the first that is this ``:example:``."""
        labelled = (cell for cell in self.cells if cell.label == name)
        return next(labelled, None) or next(
            (cell for cell in self.cells if cell.example == name), None
        )


@dataclass(frozen=True)
class Site:
    """What ran on all pages, seen from one of them."""

    page: str
    pages: Mapping[str, Runs]

    def find(self, reference: str) -> Shown:
        """What a reference of an author's names; PageError says what is wrong with it."""
        first, _, name = reference.partition(" ")
        if first == "error":
            return self._error(name)
        if first in ("salida", "código"):
            cell = self.cell(name)
            return _output(cell) if first == "salida" else _code(cell)
        return self._recorded(first, name)

    def cell(self, name: str) -> Ran:
        """A cell by its label or its example, with a page and a colon before it if it is not ours.

        Raises PageError where there is none.
        """
        runs, own = self._page(name)
        cell = runs.cell(own)
        if cell is None:
            raise PageError(f"ninguna celda tiene «:label: {own}» ni «:example: {own}»")
        return cell

    def ran(self, example: str) -> Ran | None:
        """A cell of any page that is this example."""
        cells = (runs.cell(example) for _, runs in sorted(self.pages.items()))
        return next(filter(None, cells), None)

    def _page(self, name: str) -> tuple[Runs, str]:
        page, colon, own = name.rpartition(":")
        if colon and page not in self.pages:
            raise PageError(f"no hay ninguna página «{page}»")
        return self.pages[page if colon else self.page], own

    def _error(self, condition: str) -> Shown:
        raised = {cell.raises for runs in self.pages.values() for cell in runs.cells}
        if condition not in {*raised, NO_ERROR} - {""}:
            raise PageError(f"ninguna celda falla con «{condition}»")
        return Shown("condition", condition)

    def _recorded(self, name: str, what: str) -> Shown:
        runs, own = self._page(name)
        record, _, number = own.partition("@")
        if record not in runs.records:
            known = ", ".join(runs.records) or "ninguna"
            raise PageError(f"«{name}» no es ninguna grabación con su batch; grabaciones: {known}")
        batches = {str(batch.id): batch for batch in runs.records[record].batches}
        if number not in batches:
            raise PageError(f"«{record}» no tiene el batch «{number}»; tiene: {', '.join(batches)}")
        return _of(batches[number], what)


def _of(batch: Batch, what: str) -> Shown:
    """What a word asks of a micro-batch."""
    shown = {
        "": Shown("tables", tables=(batch.output,)),
        "entrada": Shown("text", "\n".join(line.text for line in batch.input)),
        "lee": Shown("value", str(batch.input_rows)),
        "escribe": Shown("value", str(len(batch.output.rows))),
        "descarta": Shown("value", str(batch.dropped)),
    }
    if batch.kept:
        shown["estado"] = Shown("tables", tables=tuple(table for _, table in batch.kept))
        shown["guarda"] = Shown("value", str(sum(len(table.rows) for _, table in batch.kept)))
    for store in batch.stores:
        shown[f"estado {store.name}"] = Shown("tables", tables=(store.table,))
        shown[f"guarda {store.name}"] = Shown("value", str(len(store.table.rows)))
    if batch.waiting is not None:
        shown["espera"] = Shown("value", str(batch.waiting))
    if batch.watermark is not None:
        shown["watermark"] = Shown("value", _clock(batch.watermark))
    if what not in shown:
        words = ", ".join(filter(None, shown))
        raise PageError(f"de ese batch no se puede preguntar «{what}»; escribe: {words}, o nada")
    return shown[what]


def _clock(instant: str) -> str:
    return instant.replace("T", " ").removesuffix("Z").removesuffix(".000")


def _output(cell: Ran) -> Shown:
    """What a cell printed; a terminal that says nothing may be what is asked."""
    if not (cell.output.strip() or cell.source.startswith(TERMINAL)):
        raise PageError(f"la celda «{cell.label or cell.example}» no imprime nada")
    printed = _tables(f"{cell.output}\n")
    return Shown("tables", tables=printed) if printed else Shown("text", cell.output.strip("\n"))


def _tables(printed: str) -> tuple[Table, ...]:
    """The tables of the console; none where it did not show all rows, which only its text says."""
    try:
        return tuple(table for _, table in tables.batches(printed))
    except TraceError:
        return ()


def _code(cell: Ran) -> Shown:
    """A cell's code; what is typed into a terminal, without the name of the terminal."""
    is_terminal = cell.source.startswith(TERMINAL)
    return Shown("typed", cell.typed) if is_terminal else Shown("code", cell.source)


def collect(cells: Iterator[nodes.container], env: BuildEnvironment) -> None:
    """Keep what the named cells of a page ran; before they are dressed for the reader."""
    ran = [_ran(cell) for cell in cells]
    named = tuple(each for each in ran if each.label or each.example or each.raises)
    env.metadata[env.docname][_RAN] = named


def known(env: BuildEnvironment) -> dict[str, Runs]:
    """What ran on each page of the site."""
    return {name: _runs(env, name) for name in env.found_docs}


def _runs(env: BuildEnvironment, name: str) -> Runs:
    page = env.metadata.get(name, {})
    return Runs(page.get(_RAN, ()), page.get(RECORDS, {}))


def _ran(cell: nodes.container) -> Ran:
    given = cell["cell_metadata"]
    label, example, raises = (str(given.get(key, "")) for key in ("label", "example", "raises"))
    source, output = ("\n".join(map(_said, _blocks(part))) for part in _parts(cell))
    return Ran(label, example, raises, source, output)


def _parts(cell: nodes.container) -> Iterator[nodes.container]:
    """What holds a cell's code, and what holds its outputs."""
    for kind in ("cell_code_source", "cell_code_output"):
        yield next(
            (part for part in cell.findall(nodes.container) if part.get("nb_element") == kind),
            nodes.container(),
        )


def _blocks(part: nodes.container) -> Iterator[nodes.literal_block]:
    """The texts of a part; not what stands for a terminal where no page can show it."""
    for block in part.findall(nodes.literal_block):
        beside = {other.get("mime_type") for other in block.parent.parent.findall(nodes.container)}
        if block.parent.get("mime_type") != "text/plain" or TERMINAL_MIME not in beside:
            yield block


def _said(block: nodes.literal_block) -> str:
    """The text of a block; of a terminal, what its programs answered.

    The answers in a terminal in which nothing was typed have its name above them.
    """
    if "terminal-text" not in block["classes"]:
        return block.astext().rstrip("\n")
    answers = (node for node in block.findall(nodes.inline) if "go" in node["classes"])
    text = "".join(node.astext() for node in answers).strip("\n")
    box = block.parent
    return f"{box[0].astext()}:\n{text}" if text and "output-only" in box["classes"] else text

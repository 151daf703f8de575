"""How terminals, the console sink and examples look in a page: plain docutils nodes and classes."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from myst_nb.core.render import MimeData, MimeRenderPlugin, NbElementRenderer

from streamdocs.publishing import player
from streamdocs.publishing.console import RULE, Console
from streamdocs.recording import tables
from streamdocs.recording.record import RECORD_MIME
from streamdocs.system.terminal import KEYS, TERMINAL_MIME

_LONG = 200
"""Lines of an output that are shown without being asked for."""

_DRAWN = "Lo que dibuja la celda"

_CLASSES = {"prompt": "gp", "typed": "kbd", "output": "go", "key": "key"}
_AFTER_KEY = "after-key"
"""What is typed after a key is not copied: pasted at once with what is before, it would be
typed into another program."""


class TerminalRenderer(MimeRenderPlugin):
    """Renders what a terminal showed, and hides records; an entry point of MyST-NB."""

    mime_priority_overrides: ClassVar = [("*", TERMINAL_MIME, 1), ("*", RECORD_MIME, 2)]

    @staticmethod
    def handle_mime(
        renderer: NbElementRenderer, data: MimeData, inline: bool
    ) -> list[nodes.Element] | None:
        """A box with the terminal's name and its text; None for what is not of ours."""
        if data.mime_type not in (TERMINAL_MIME, RECORD_MIME) or inline:
            return None
        shown = data.content if isinstance(data.content, dict) else json.loads(data.content)
        if data.mime_type == RECORD_MIME:
            return [player.carry(shown)]
        return [terminal(shown["name"], shown["segments"])]


def terminal(name: str, segments: list[dict[str, str]]) -> nodes.container:
    """The box of a terminal: its title, and a block whose pieces tell who wrote them."""
    # A rawsource that is neither empty nor the text keeps Pygments away from the pieces.
    block = nodes.literal_block("\0terminal", "", classes=["terminal-text"], language="none")
    kinds = [segment["kind"] for segment in segments]
    for classes, alike in groupby(zip(_classes(kinds), segments, strict=True), itemgetter(0)):
        text = "".join(segment["text"] for _, segment in alike)
        if text:
            block += nodes.inline("", "", *_unbroken(text), classes=[*classes])
    copyable = "copyable" if "typed" in kinds else "output-only"
    return _box(f"Terminal {name}", [block], "terminal", copyable)


def _unrun(source: str) -> nodes.container:
    """The box of a terminal whose cell has not been run: what is to be typed, without an answer."""
    name, *lines = source.removeprefix("%%terminal").split("\n")
    segments = [{"kind": "key" if line in KEYS else "typed", "text": f"{line}\n"} for line in lines]
    box = terminal(name.strip(), segments)
    box["classes"].append("unrun")
    return box


def _unbroken(text: str) -> Iterator[nodes.Node]:
    """``text`` with its options apart: a browser breaks a line after a hyphen, also in those."""
    for number, word in enumerate(text.split(" ")):
        space = " " if number else ""
        if word.startswith("--"):
            yield nodes.Text(space)
            yield nodes.inline("", word, classes=["option"])
        else:
            yield nodes.Text(f"{space}{word}")


def _classes(kinds: list[str]) -> Iterator[tuple[str, ...]]:
    """The classes of each piece of a terminal: those of one look are shown as one piece."""
    typed = key = False
    for kind in kinds:
        key |= typed and kind == "key"
        typed |= kind == "typed"
        yield (_CLASSES[kind], _AFTER_KEY) if key and kind == "typed" else (_CLASSES[kind],)


def _box(title: str, content: Sequence[nodes.Node], *classes: str) -> nodes.container:
    heading = nodes.paragraph("", title, classes=["box-title"])
    return nodes.container("", heading, *content, classes=["box", *classes])


def _terminals(node: nodes.Node) -> Iterator[nodes.container]:
    """The boxes of terminals in ``node``."""
    return (box for box in node.findall(nodes.container) if "terminal" in box["classes"])


def cells(tree: nodes.document) -> Iterator[nodes.container]:
    """The code cells of a page's tree."""
    for node in list(tree.findall(nodes.container)):
        if node.get("nb_element") == "cell_code":
            yield node


def source(cell: nodes.container) -> nodes.container | None:
    """What a cell holds of its code, as long as it is not dressed; None where that is removed."""
    return _part(cell, "cell_code_source")


def dress(cell: nodes.container, console: Console) -> None:
    """Turn what MyST-NB made of a cell into what a reader should see.

    ``console`` knows what the cells before have printed.
    """
    code = source(cell)
    output = _part(cell, "cell_code_output")
    if code is not None and code.astext().lstrip().startswith("%%terminal"):
        cell.remove(code)
        if output is not None:
            # What is typed is the cause of what a query prints meanwhile.
            output.children.sort(key=lambda child: not any(_terminals(child)))
        elif cell["exec_count"] is None:
            cell += _unrun(code.astext().strip())
    if output is not None:
        for drawn in output.findall(nodes.image):
            drawn.setdefault("alt", _DRAWN)  # or its file's name would be read aloud
        for block in list(output.findall(nodes.literal_block)):
            if "stream" in block["classes"] and tables.numbers(block.astext()):
                parent = block.parent
                place = parent.index(block)
                parent.remove(block)
                parent.insert(place, _box("Consola de Spark", console.dress(block), "console"))
        for block in list(output.findall(nodes.literal_block)):
            _fold(block)
        for matrix in matrices(output):
            if "popovertarget" not in matrix.astext():
                _add_filter(matrix)


def matrices(node: nodes.Node) -> Iterator[nodes.raw]:
    """The matrices of what works that a cell of ``node`` drew."""
    return (raw for raw in node.findall(nodes.raw) if 'class="matriz' in raw.astext())


def _add_filter(matrix: nodes.raw) -> None:
    """Let the reader see only what works: a style sheet does the rest."""
    box = '<label class="only-works"><input type="checkbox"> Solo lo que funciona</label>'
    matrix[0] = nodes.Text(box + matrix.astext())


def empty_matrices(tree: nodes.document) -> list[tuple[int, str]]:
    """Line and text of what is wrong with a page's matrices: one without a single place."""
    return [
        (cell.line or 1, "la matriz no tiene ninguna casilla")
        for cell in cells(tree)
        for matrix in matrices(cell)
        if "<td" not in matrix.astext()
    ]


def _fold(block: nodes.literal_block) -> None:
    """Put a block that fills several screens behind a line that tells how long it is."""
    lines = block.astext().count("\n")
    if lines > _LONG:
        place = block.parent.index(block)
        opening = f'<details class="long"><summary>{lines} líneas</summary>'
        block.parent.insert(place, nodes.raw("", opening, format="html"))
        block.parent.insert(place + 2, nodes.raw("", "</details>", format="html"))


def _part(cell: nodes.container, kind: str) -> nodes.container | None:
    for child in cell.children:
        if isinstance(child, nodes.container) and child.get("nb_element") == kind:
            return child
    return None


class Sketch(Directive):
    """Code that is shown and not run, with the reason as its argument."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    classes: ClassVar[tuple[str, ...]] = ("sketch", "copyable")
    title = "{}: aquí no se ejecuta"

    def run(self) -> list[nodes.Node]:
        """A box with the reason above the code."""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="none")
        return [_box(self.title.format(self.arguments[0]), [block], *self.classes)]


class QuotedOutput(Sketch):
    """An output that others have published, with its source as the argument."""

    classes: ClassVar[tuple[str, ...]] = ("quoted",)
    title = "Cita: {}"


class SideBySide(Directive):
    """Shows outputs of cells that stand elsewhere on the page next to each other.

    One line a column: the cell's ``:label:``, and after a colon the column's title.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """A container that ``fill_columns`` fills once the cells are there."""
        pairs = [line.partition(":") for line in self.content]
        columns = [[label.strip(), title.strip()] for label, _, title in pairs]
        return [nodes.container("", classes=["side-by-side"], columns=columns, line=self.lineno)]


def fill_columns(tree: nodes.document, ran: bool) -> list[tuple[int, str]]:
    """Fill every SideBySide of a page; what is wrong with its columns, with their lines.

    A cell that shows nothing is wrong in a page that ``ran``.
    """
    labelled: dict[str, Any] = {cell["cell_metadata"].get("label"): cell for cell in cells(tree)}
    wrong = []
    for node in tree.findall(nodes.container):
        columns: list[list[str]] = node.get("columns", [])
        for label, title in columns:
            if label not in labelled:
                wrong.append((node["line"], f"ninguna celda tiene «:label: {label}»"))
                continue
            blocks = _shown(labelled[label])
            if ran and not blocks:
                wrong.append((node["line"], f"la celda con «:label: {label}» no enseña nada"))
            heading = nodes.paragraph("", title, classes=["box-title"])
            node.append(nodes.container("", heading, *blocks, classes=["column", "cell_output"]))
    return wrong


def _shown(cell: nodes.container) -> list[nodes.Element]:
    """Copies of what a cell printed; if it printed nothing, of what it drew or of its terminal."""
    output = _part(cell, "cell_code_output")
    if output is None:
        return []
    printed = [one for one in output.findall(nodes.literal_block) if "stream" in one["classes"]]
    others = output.findall(nodes.container)
    drawn = [one for one in others if one.get("nb_element") == "mime_bundle"]
    return [_narrowed(one.deepcopy()) for one in printed or drawn]


def _narrowed(shown: nodes.Element) -> nodes.Element:
    """``shown`` as a column needs it: rules no wider than its tables, and names of its own."""
    for block in shown.findall(nodes.literal_block):
        rows = (line for line in block.astext().splitlines() if line.startswith(("+", "|")))
        rule = RULE[: max(map(len, rows), default=len(RULE))]
        for text in list(block.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(text.replace(RULE, rule)))
        # Pygments leaves alone what is not the text that was written.
        block.rawsource = block.rawsource.replace(RULE, rule)
    for matrix in matrices(shown):
        # What its places open is named once in a page.
        matrix[0] = nodes.Text(matrix.astext().replace('"caso-', '"copia-caso-'))
    return shown

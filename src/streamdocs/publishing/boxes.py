"""How the boxes of a page are named: code by its file, a terminal by its sign."""

from docutils import nodes
from docutils.nodes import make_id
from sphinx import addnodes

from streamdocs.publishing import render

_SESSION = "Sesión"
"""The cell of an example that only sets it up, which is alike in all of them."""

_NARROW = 40
"""Columns of a terminal that fit into half of a page's text, at 1280 px."""


def name(tree: nodes.document, examples: str) -> None:
    """Give the boxes of a page's cells their titles.

    ``examples`` is the folder of the examples as the sources name it («/../examples»).
    """
    linked = ""
    for cell in render.cells(tree):
        file, _, title = cell["cell_metadata"].get("example", "").partition("#")
        if file and _shows_code(cell):
            hidden = "hide-input" in cell["cell_metadata"].get("tags", ())
            folded = (title == _SESSION or hidden) and not _about_the_session(cell)
            _crown(cell, _bar(file, title, "" if file == linked else f"{examples}/{file}"), folded)
            linked = linked if folded else file
    for box in tree.findall(nodes.container):
        if "terminal" in box["classes"]:
            _sign(box)
    for head in tree.findall(nodes.thead):
        for corner in head.findall(nodes.entry):
            if not corner.astext():
                _say(corner)


def _bar(file: str, title: str, target: str) -> nodes.paragraph:
    """The title of a cell of an example: its file, which is a link if there is a ``target``."""
    text = nodes.literal("", f"examples/{file}")
    named = addnodes.download_reference("", "", text, reftarget=target) if target else text
    return nodes.paragraph(
        "", "", named, nodes.inline("", title), classes=["box-title", "example-file"]
    )


def _crown(cell: nodes.container, bar: nodes.paragraph, folded: bool) -> None:
    """Put the bar above the code; a folded one is what opens it."""
    cell.insert(0, bar)
    if not folded:
        return
    summary = f'<details class="set-up"><summary>{bar[-1].astext()}</summary>'
    cell.insert(0, nodes.raw("", summary, format="html"))
    cell.insert(3, nodes.raw("", "</details>", format="html"))


def _shows_code(cell: nodes.container) -> bool:
    parts = cell.findall(nodes.container)
    return any(part.get("nb_element") == "cell_code_source" for part in parts)


def _about_the_session(cell: nodes.Node) -> bool:
    """Whether the section in which a cell stands is about the session: there it is shown."""
    while cell.parent is not None:
        cell = cell.parent
        if isinstance(cell, nodes.section):
            return _SESSION.lower() in cell[0].astext().lower()
    return False


def _sign(box: nodes.container) -> None:
    """Let a style sheet tell one terminal from another: by a class, and by its name apart."""
    (title, *_) = box.findall(nodes.paragraph)
    word, _, sign = title.astext().partition(" ")
    title.children = []
    title += [nodes.Text(f"{word} "), nodes.inline("", sign, classes=["terminal-name"])]
    box["classes"].append(f"terminal-{make_id(sign) or sign}")


def _say(corner: nodes.entry) -> None:
    """Give a head without a text one that is heard, and not seen."""
    corner.children = []
    corner += nodes.paragraph("", "", nodes.inline("", "Fila", classes=["visually-hidden"]))


def pair(tree: nodes.document) -> None:
    """Put side by side two terminals that follow each other, if nothing in them is wide."""
    cells = list(render.cells(tree))
    while cells:
        one, parent = cells[0], cells[0].parent
        place = parent.index(one)
        names = [_terminal(cell) for cell in cells[:2]]
        together = parent[place : place + 2] == cells[:2]
        if together and all(names) and len(set(names)) == 2:
            parent[place : place + 2] = [nodes.container("", *cells[:2], classes=["terminals"])]
            del cells[0]
        del cells[0]


def _terminal(cell: nodes.container) -> str:
    """The name of the terminal that a cell shows; "" if it shows none, or something wide."""
    blocks = cell.findall(nodes.literal_block)
    if any(len(line) > _NARROW for block in blocks for line in block.astext().splitlines()):
        return ""
    boxes = (box for box in cell.findall(nodes.container) if "terminal" in box["classes"])
    return next((box[0].astext() for box in boxes), "")

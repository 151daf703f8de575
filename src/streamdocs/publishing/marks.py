"""The line of a cell that matters, marked as its author asked with «:marks:»."""

from collections.abc import Mapping
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator

from streamdocs.publishing import render

_OPEN, _CLOSE = '<span class="hll">', "\n</span>"
"""What Pygments puts around a line that is to stand out."""


class MarkedCode(nodes.literal_block):
    """Code with a marked line, which is one for those, too, who do not see it."""


def show(tree: nodes.document, marks: Mapping[int, str]) -> None:
    """Mark in each cell, by its place in the notebook, the line that holds this text."""
    for cell in render.cells(tree):
        mark = marks.get(cell["cell_index"], "")
        blocks = list(cell.findall(nodes.literal_block)) if mark else []
        for block in blocks:
            if block.parent.get("nb_element") == "cell_code_source":
                _mark(block, mark)


def _mark(code: nodes.literal_block, mark: str) -> None:
    lines = [number for number, line in enumerate(code.rawsource.split("\n"), 1) if mark in line]
    marked = MarkedCode(code.rawsource, code.astext(), **code.attributes)
    marked["highlight_args"] = {"hl_lines": lines}
    code.replace_self(marked)


def _visit(translator: HTML5Translator, node: MarkedCode) -> None:
    try:
        translator.visit_literal_block(node)
    except nodes.SkipNode:
        before, _, rest = translator.body[-1].partition(_OPEN)
        line, _, after = rest.partition(_CLOSE)
        translator.body[-1] = f'{before}<mark class="hll">{line}\n</mark>{after}'
        raise


def setup(app: Sphinx) -> dict[str, Any]:
    """Say what the marked code is in HTML."""
    app.add_node(MarkedCode, html=(_visit, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}

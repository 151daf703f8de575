"""What a page's cells wait for, said to who runs them again: the aula."""

from docutils import nodes

from streamdocs.publishing import render
from streamdocs.running import settle


def say(tree: nodes.document) -> None:
    """Give a cell with ``:until:`` the class «until»; with N micro-batches, «until-batches-N»."""
    for cell in render.cells(tree):
        until = str(cell["cell_metadata"].get("until", ""))
        if until:
            cell["classes"].append("until")
        if found := settle.BATCHES.fullmatch(until):
            cell["classes"].append(f"until-batches-{found[1]}")

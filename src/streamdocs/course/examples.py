"""The cells and the transcript of an example, a script in the editors' percent format."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from streamdocs.course.options import PageError


def cells(script: Path) -> dict[str, str]:
    """The titled cells of ``script``, by title: ``# %% Fuente`` begins the cell «Fuente»."""
    return _cells(script, script.read_text("utf-8"))


@cache
def _cells(script: Path, text: str) -> dict[str, str]:
    import jupytext

    found = {}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        title = cell.metadata.get("title")
        if title in found:
            raise PageError(f"{script} tiene dos celdas con el título «{title}»: cambia uno.")
        if title:
            found[title] = cell.source
    return found


def cell(folder: Path, reference: str) -> str:
    """The source of the cell that ``reference`` («hola/palabras.py#Fuente») names below ``folder``.

    Raises PageError when the file or the cell does not exist.
    """
    name, _, title = reference.partition("#")
    script = folder / name
    if not script.is_file():
        raise PageError(f"No existe el ejemplo {script}: corrige «:example: {reference}».")
    found = cells(script)
    if title not in found:
        raise PageError(
            f"{script} no tiene la celda «{title}»; tiene: {', '.join(found) or 'ninguna'}."
        )
    return found[title]


def docstring(script: Path) -> str:
    """The docstring of ``script``, where its session transcript stands; "" if it has none."""
    return ast.get_docstring(ast.parse(script.read_text("utf-8"))) or ""

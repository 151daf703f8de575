"""The examples: cells and transcript of a script in the editors' percent format, and its reach."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from streamdocs.course.options import PageError

_MENTION = re.compile(r"\bexamples\b(?:/([\w./-]*))?")


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


def reach(folder: Path, source: str) -> frozenset[str]:
    """The files below ``folder`` that ``source`` can reach, and the folders that it names whole.

    They are what it names as ``examples/…``, and what these import or name in turn. A page finds
    these and no others: what it could read without saying so, no build would know to have changed.
    """
    found: set[str] = set()
    waiting = list(_named(folder, source))
    while waiting:
        path = waiting.pop()
        name = path.relative_to(folder).as_posix()
        if name in found or not path.exists() or _is_hidden(path.relative_to(folder)):
            continue
        found.add(name)
        if path.is_dir():
            waiting += path.iterdir()
        elif path.suffix in (".py", ".sh"):
            text = path.read_text("utf-8")
            waiting += [*_named(folder, text), *_imported(path, text)]
    return frozenset(found)


def _named(folder: Path, text: str) -> Iterator[Path]:
    for mention in _MENTION.findall(text):
        path = (folder / mention.rstrip(".-")).resolve()
        if path.is_relative_to(folder):
            yield path


def _imported(script: Path, text: str) -> Iterator[Path]:
    """The modules beside ``script`` that it imports."""
    for name in _imports(text):
        top = script.parent / name.partition(".")[0]
        yield from (path for path in (top, top.with_suffix(".py")) if path != script.parent)


@cache
def _imports(text: str) -> Sequence[str]:
    """The modules that a script imports; a build looks at each script for each of its cells."""
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return ()
    imports = [node for node in nodes if isinstance(node, ast.Import)]
    return (
        *(node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)),
        *(alias.name for node in imports for alias in node.names),
    )


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.parts)

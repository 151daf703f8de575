"""Programs that differ in one thing from a right one: a number, a type, a mode, a promise.

What a mutant changes stands in its name, as «'10 minutes' → '9 minutes'», which is also how an
exercise says that its statement leaves the change open.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

_SETUP = ("# %% Sesión", "# %% Espera", "# %% Constantes", "# %% Lo que se prueba")
"""Sections that are given, and ask for nothing."""

_MODES = ("append", "update", "complete")
_TYPES = re.compile(r"\b(INT|BIGINT|LONG|DOUBLE|FLOAT|DATE|TIMESTAMP|DECIMAL\([\d, ]+\))\b", re.I)
_NUMBERS = re.compile(r"(?<![\w.%-])\d+(?![\w.])")
_COMPARED = {">=": ">", "<=": "<", ">": ">=", "<": "<="}
_OPERATORS = re.compile(r"(?<![<>=!-])(>=|<=|>|<)(?![<>=])")
_DROPPED = {
    *("option", "options", "withWatermark", "where", "filter", "distinct"),
    *("dropDuplicates", "dropDuplicatesWithinWatermark", "outputMode"),
}
_SWAPPED = {"min": "max", "max": "min", "lower": "upper", "leftOuter": "inner", "left": "inner"}


@dataclass(frozen=True)
class Mutant:
    """A program that has ``new`` where the right one has ``old``.

    Attributes:
        title: «old → new», each on one line; «(2.ª)» and so on where it is not the first such.
        program: its text.
    """

    title: str
    program: str


@dataclass(frozen=True)
class _Change:
    begin: int
    end: int
    new: str


def mutants(program: str) -> list[Mutant]:
    """All of ``program``, but for what is in its set-up."""
    body = program.encode()  # ast counts bytes
    lines = [0]
    for line in body.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    given = _given(program)
    found: dict[str, Mutant] = {}
    for node in ast.walk(ast.parse(program)):
        if not isinstance(node, ast.expr) or node.lineno in given:
            continue
        begin = lines[node.lineno - 1] + node.col_offset
        end = lines[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        for change in _changes(node, body[begin:end].decode(), begin, end):
            mutant = _mutant(body, change, found)
            if mutant is not None:
                found[mutant.title] = mutant
    return list(found.values())


def _given(program: str) -> set[int]:
    """The lines of what is given: the docstring, imports, sections of set-up."""
    given: set[int] = set()
    section = ""
    for number, line in enumerate(program.splitlines(), 1):
        section = line if line.startswith("# %%") else section
        if section == "" or section.startswith(_SETUP):
            given.add(number)
    return given


def _mutant(body: bytes, change: _Change, found: dict[str, Mutant]) -> Mutant | None:
    program = (body[: change.begin] + change.new.encode() + body[change.end :]).decode()
    try:
        ast.parse(program)
    except SyntaxError:
        return None
    if any(other.program == program for other in found.values()):
        return None
    old = body[change.begin : change.end].decode()
    said = " ".join(line for line in old.split("\n") if not line.strip().startswith("#"))
    title = plain = " ".join(f"{said} → {change.new or 'nada'}".split())
    count = 1
    while title in found:
        count += 1
        title = f"{plain} ({count}.ª)"
    return Mutant(title, program)


def _changes(node: ast.expr, text: str, begin: int, end: int) -> Iterator[_Change]:
    match node:
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int() | float() as number):
            for other in (number - 1, number + 1):
                yield _Change(begin, end, str(other))
        case ast.Constant(value=str() as value):
            yield from (_Change(begin, end, new) for new in _texts(text, value))
        case ast.Call(func=ast.Attribute(attr="encode"), args=[]):
            yield _Change(begin, end, f'{text[:-1]}"latin-1")')
        case ast.Call(args=[ast.Constant(value="host" | "port"), *_]):
            return  # without it nothing is read, and that is waited for
        case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _DROPPED:
            yield _Change(begin + _length(inner, text, node), end, "")
        case ast.Call(func=ast.Attribute(attr="alias"), args=[ast.Constant(value=str() as name)]):
            yield _Change(begin, end, text.replace(f'"{name}"', f'"{name}_otra"'))
        case ast.Name(id=name) if name in _SWAPPED:
            yield _Change(begin, end, _SWAPPED[name])
        case ast.Compare():
            for found in _OPERATORS.finditer(text):
                new = f"{text[: found.start()]}{_COMPARED[found[0]]}{text[found.end() :]}"
                yield _Change(begin, end, new)


def _length(inner: ast.expr, text: str, outer: ast.expr) -> int:
    """How many bytes of ``text``, the source of ``outer``, are ``inner``, that begins with it."""
    rows = (inner.end_lineno or 0) - outer.lineno
    before = text.encode().splitlines(keepends=True)[:rows]
    start = 0 if rows else outer.col_offset
    return sum(map(len, before)) + (inner.end_col_offset or 0) - start


def _texts(text: str, value: str) -> Iterator[str]:
    """What else a text of a program could say."""
    if value in _MODES:
        yield from (text.replace(value, mode) for mode in _MODES if mode != value)
    elif value in _SWAPPED:
        yield text.replace(value, _SWAPPED[value])
    elif value.lower() in ("utf-8", "utf8"):
        yield text.replace(value, "latin-1")
    if value.endswith("\n"):
        yield text.replace("\\n", "")
    for pattern, news in ((_NUMBERS, _steps), (_TYPES, _other_type), (_OPERATORS, _compared)):
        for found in pattern.finditer(text):
            for new in news(found[0]):
                yield f"{text[: found.start()]}{new}{text[found.end() :]}"


def _steps(number: str) -> tuple[str, ...]:
    return (str(int(number) - 1), str(int(number) + 1))


def _other_type(name: str) -> tuple[str, ...]:
    return ("STRING",)


def _compared(operator: str) -> tuple[str, ...]:
    return (_COMPARED[operator],)

"""Look up what a question asks for, and refuse one whose answer is no run, or is not the only one.

The key and all that is beside it come from what the pages ran; an author names them.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from streamdocs.course import examples
from streamdocs.course.options import PageError
from streamdocs.publishing.asked import Asked, Option
from streamdocs.publishing.runs import NO_ERROR, PROGRAMS, Shown, Site


@dataclass(frozen=True)
class Choice:
    """An option with what it shows."""

    shown: Shown
    right: bool
    why: str


@dataclass(frozen=True)
class Blank:
    """A place in a code that is left out: where it begins and ends, and what may stand there."""

    start: int
    end: int
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Question:
    """A question whose runs have been found.

    Attributes:
        key: what it is called in the reader's progress: another one where the author changes it.
        lines: what is to be put in order, in a right order.
        swap: the lines of it that may change places, counted from 1.
        code: what has blanks.
    """

    key: str
    kind: str
    title: str
    text: str
    shows: tuple[Shown, ...]
    explained: str
    choices: tuple[Choice, ...] = ()
    lines: tuple[str, ...] = ()
    swap: tuple[frozenset[int], ...] = ()
    code: str = ""
    blanks: tuple[Blank, ...] = ()


def key(page: str, asked: Asked) -> str:
    """What tells a question from all others."""
    return hashlib.sha256(f"{page}\n{asked.title}".encode()).hexdigest()[:8]


def find(asked: Asked, site: Site, folder: Path) -> Question:
    """The question with what its runs show; ``folder`` has the examples.

    Raises PageError where something that it names does not exist, or decides nothing.
    """
    name = key(site.page, asked)
    shows = tuple(map(site.find, asked.shows))
    same = (name, asked.kind, asked.title, asked.text, shows, asked.explained)
    if asked.order:
        ordered = lines(_region(asked.order, site, folder))
        wrong = [number for group in asked.swap for number in group if number > len(ordered)]
        if wrong:
            raise PageError(f"«:swap:» dice {wrong[0]}, y hay {len(ordered)} líneas")
        code = "\n".join(ordered)
        gone = _blanks(asked, code, site, folder, name)
        return Question(*same, lines=ordered, swap=asked.swap, code=code, blanks=gone)
    if asked.blanks:
        code = _named(asked.blanks, site, folder)
        return Question(*same, code=code, blanks=_blanks(asked, code, site, folder, name))
    choices = tuple(Choice(site.find(each.names), each.right, each.why) for each in asked.options)
    _distinct(choices)
    _decided(asked, choices, site)
    return Question(*same, choices=_mixed(choices, name))


def _distinct(choices: Sequence[Choice]) -> None:
    for one, other in combinations(choices, 2):
        if one.shown.same == other.shown.same:
            raise PageError(f"dos opciones son iguales: «{other.why or one.why}» y otra")


def _decided(asked: Asked, choices: Sequence[Choice], site: Site) -> None:
    """Refuse a key that the runs do not make the right one: where they can tell."""
    right = next(each for each in asked.options if each.right)
    kinds = {each.shown.kind for each in choices}
    if "condition" in kinds:
        shown = [_target(name) for name in asked.shows if name.startswith("código ")]
        if kinds != {"condition"} or len(shown) != 1:
            raise PageError("con opciones «error …», enseña en «:shows:» un solo «código …»")
        fails = site.cell(shown[0]).raises or NO_ERROR
        if right.names != f"error {fails}":
            raise PageError(f"lo que enseña «:shows:» acaba con «error {fails}»: esa es la buena")
    elif kinds & PROGRAMS:
        if not kinds <= PROGRAMS:
            raise PageError("si una opción es «código …», todas deben serlo")
        _separates(asked, site)


def _separates(asked: Asked, site: Site) -> None:
    """Refuse programs of which a wrong one ends as the right one does."""
    (right,) = (site.cell(_target(each.names)) for each in asked.options if each.right)
    shown = [_target(name) for name in asked.shows if name.startswith("salida ")]
    if shown and right not in map(site.cell, shown):
        raise PageError(f"«salida {shown[0]}» no es lo que imprime la opción buena")
    for each in asked.options:
        other = site.cell(_target(each.names))
        ends = (other.output, right.output) if shown else (other.raises, right.raises)
        if not each.right and ends[0] == ends[1]:
            raise PageError(f"«{each.names}» acaba igual que la opción buena")


def _target(reference: str) -> str:
    """The cell in «código CELDA»."""
    return reference.partition(" ")[2]


def _region(reference: str, site: Site, folder: Path) -> str:
    """The code of a cell of an example that a page runs."""
    code = examples.cell(folder, reference)
    if site.ran(reference) is None:
        raise PageError(f"ninguna página ejecuta «{reference}»")
    return code


def lines(code: str) -> tuple[str, ...]:
    """What there is to put in order: neither blank lines nor comments."""
    written = (line.rstrip() for line in code.splitlines())
    return tuple(line for line in written if line and not line.lstrip().startswith("#"))


def _blanks(asked: Asked, code: str, site: Site, folder: Path, name: str) -> tuple[Blank, ...]:
    """The blanks, each a right option and the wrong ones after it."""
    groups: list[list[Option]] = []
    for option in asked.options:
        if option.right:
            groups.append([])
        elif not groups:
            raise PageError(f"«{option.names}» va antes de su hueco: escribe primero «+ …»")
        groups[-1].append(option)
    blanks = [_blank(group, code, site, folder, name) for group in groups]
    return tuple(sorted(blanks, key=lambda blank: blank.start))


def _blank(group: Sequence[Option], code: str, site: Site, folder: Path, name: str) -> Blank:
    right, *wrong = group
    places = _places(code, right.names)
    if len(places) != 1:
        raise PageError(f"«{right.names}» está {len(places)} veces en el código: debe estar una")
    if not wrong:
        raise PageError(f"el hueco «{right.names}» no tiene ninguna opción mala")
    for other in wrong:
        where = _source(other, site, folder)
        if not _places(where, other.names):
            raise PageError(f"«{other.names}» no está en «{other.source}»")
    choices = tuple(Choice(Shown("value", each.names), each.right, each.why) for each in group)
    _distinct(choices)
    return Blank(*places[0], _mixed(choices, name))


def _source(option: Option, site: Site, folder: Path) -> str:
    """The code in which a wrong option is right."""
    if not option.source:
        raise PageError(f"«{option.names}» no dice dónde está bien: escribe «en …» detrás")
    return _named(option.source, site, folder)


def _named(reference: str, site: Site, folder: Path) -> str:
    """The code of a cell of an example, or of a cell with that label."""
    if "#" in reference:
        return _region(reference, site, folder)
    return site.cell(reference).typed


def _places(code: str, text: str) -> list[tuple[int, int]]:
    """Where ``text`` stands in the code, and is no part of a longer word."""
    left, right = (r"\b" if end.isalnum() else "" for end in (text[:1], text[-1:]))
    return [match.span() for match in re.finditer(left + re.escape(text) + right, code)]


def _mixed(choices: Sequence[Choice], name: str) -> tuple[Choice, ...]:
    """The choices in an order that says nothing, and is the same in every build."""
    return tuple(sorted(choices, key=lambda each: shuffled(name, str(each.shown.same))))


def shuffled(name: str, text: str) -> str:
    """A place for a text among others."""
    return hashlib.sha256(f"{name}{text}".encode()).hexdigest()

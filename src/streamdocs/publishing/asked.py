"""What an author asks: a question's text read, and nothing of it looked up yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from streamdocs.course.options import PageError

_RIGHT, _WRONG, _EXPLAINED = "+", "-", "="
_FROM = " en "


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from.

    Attributes:
        names: the run that it is; in a blank, what stands in it.
        source: where else the run says that; "" if that is no blank.
        why: what the author says to who chooses it.
    """

    right: bool
    names: str
    source: str
    why: str


@dataclass(frozen=True)
class Asked:
    """A question as its author wrote it.

    Attributes:
        line: of the page.
        shows: the runs that the reader sees before the options.
        order: the region of an example whose lines are to be put in order, if that is asked.
        swap: the lines of it that may change places, counted from 1.
        blanks: the region of an example that has blanks, if that is asked; lines to be put in
            order have some where there are ``options``.
    """

    line: int
    title: str
    text: str
    shows: tuple[str, ...]
    options: tuple[Option, ...]
    explained: str
    order: str = ""
    swap: tuple[frozenset[int], ...] = ()
    blanks: str = ""

    @property
    def kind(self) -> str:
        """How it is answered: by choosing, by putting in order, or by filling in."""
        return "order" if self.order else "blanks" if self.blanks else "choice"


def read(line: int, title: str, content: Iterable[str], options: dict[str, str]) -> Asked:
    """The question that a directive holds.

    Raises PageError where something is missing that every question has.
    """
    parts = list(_parts(content))
    asked = Asked(
        line,
        title,
        " ".join(text for mark, text in parts if not mark),
        tuple(name.strip() for name in options.get("shows", "").split(",") if name.strip()),
        tuple(_option(mark, text) for mark, text in parts if mark in (_RIGHT, _WRONG)),
        " ".join(text for mark, text in parts if mark == _EXPLAINED),
        options.get("order", ""),
        tuple(_lines(group) for group in options.get("swap", "").split(",") if group.strip()),
        options.get("blanks", ""),
    )
    _refuse(asked)
    return asked


def _parts(content: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The lines with their marks; one that begins with blanks goes on with the line before."""
    whole: list[str] = []
    for line in content:
        if line.startswith(" ") and whole:
            whole[-1] = f"{whole[-1]} {line.strip()}"
        elif line.strip():
            whole.append(line)
    for line in whole:
        mark, _, text = line.partition(" ")
        yield (mark, text.strip()) if mark in (_RIGHT, _WRONG, _EXPLAINED) else ("", line)


def _option(mark: str, text: str) -> Option:
    head, _, why = text.partition(": ")
    names, _, source = head.rpartition(_FROM) if _FROM in head else (head, "", "")
    return Option(mark == _RIGHT, names.strip(), source.strip(), why.strip())


def _lines(group: str) -> frozenset[int]:
    """The numbers of «2 3»."""
    numbers = group.split()
    if not all(number.isdecimal() for number in numbers):
        raise PageError(f"«:swap: {group.strip()}» no son números de líneas: escribe, p. ej., 2 3")
    return frozenset(map(int, numbers))


def _refuse(asked: Asked) -> None:
    if not asked.explained:
        raise PageError("a la pregunta le falta la explicación: escribe una línea «= …»")
    silent = [one.names for one in asked.options if not (one.right or one.why)]
    if silent:
        raise PageError(
            f"la opción «{silent[0]}» no dice de qué ejecución sale: escribe «: …» detrás"
        )
    if asked.kind == "order" and not asked.options:
        return  # nothing of its lines is left out
    if not any(one.right for one in asked.options):
        raise PageError("la pregunta no tiene ninguna respuesta buena: escribe una línea «+ …»")
    elif all(one.right for one in asked.options):
        raise PageError("la pregunta no tiene ninguna opción mala: escribe una línea «- …»")
    elif asked.kind == "choice" and sum(one.right for one in asked.options) > 1:
        raise PageError("la pregunta tiene dos respuestas buenas: deja una")

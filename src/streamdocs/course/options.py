"""What a cell declares about itself; no unknown word passes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from streamdocs.errors import StreamdocsError

# What a progress, as JSON, says of clocks, of memory and of the folder.
_MEASURED = (
    *("batchDuration", "inputRowsPerSecond", "processedRowsPerSecond"),
    *("addBatch", "commitBatch", "commitOffsets", "getBatch", "latestOffset", "queryPlanning"),
    *("triggerExecution", "walCommit", "allUpdatesTimeMs", "allRemovalsTimeMs", "commitTimeMs"),
    *("memoryUsedBytes", "stateOnCurrentVersionSizeBytes"),
)

VARIES = {
    "duraciones": r"\b\d+([.,]\d+)? (ms|s)\b|\b\d+m\d+[.,]\d{3}s\b",
    "medidas": r"(?<= x=\")\d+\.\d+|(?<= width=\")\d+\.\d+",
    "horas": r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?",
    "versiones": r"\b\d+([.+_-]\w+)+",
    "curvas": r"(?<= points=\")[\d., ]+",
    "fotos": r"(?<=SHA-256 )[0-9a-f]{64}",
    "progreso": "|".join(rf'(?<="{name}": )\d[\d.E-]*' for name in _MEASURED)
    + r"|(?<=Source\[file:)[^\]]+|(?<=\$@)[0-9a-f]+|\b\d+[.,]\d+(?= filas/s\b)",
    "procesos": r"(?<=\[1\] )\d+|(?<=PID )\d+",
}
"""What a cell may declare with ``:varies:``, by name: the pattern of what may change."""

TAGS = frozenset(
    f"{what}-{part}" for what in ("hide", "remove") for part in ("input", "output", "cell")
)
"""The tags of MyST-NB that a page may use; «raises-exception», a mere permission, is none."""

_WORDS = frozenset(("example", "label", "raises", "record", "until", "user"))
_OPTIONS = _WORDS | {"marks", "mystnb", "tags", "varies"}


class PageError(StreamdocsError):
    """A page asks for something that does not exist, such as an unknown cell of an example."""


@dataclass(frozen=True)
class Options:
    """The options of a cell, as a page's author wrote them; "" or nothing where there is none.

    Attributes:
        example: the cell of an example that stands for the cell: «hola/palabras.py#Fuente».
        label: a name for what the cell prints, to show it elsewhere, too.
        raises: the Spark condition or the class of the exception that the cell must raise.
        record: the name under which the query that the cell starts is recorded.
        until: what must have happened for the cell to be over: «batches>=3», «shown TEXT».
        user: whose the terminal is that the cell opens.
        varies: the kinds of thing, of VARIES, that may differ from what is expected.
    """

    example: str = ""
    label: str = ""
    raises: str = ""
    record: str = ""
    until: str = ""
    user: str = ""
    varies: tuple[str, ...] = ()


def read(metadata: Mapping[str, Any]) -> Options:
    """The options in what MyST-NB read above a cell's code."""
    words = {name: str(metadata[name]) for name in sorted(_WORDS & metadata.keys())}
    return Options(varies=_kinds(metadata), **words)


def problems(metadata: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each option, tag or kind of thing to vary that does not exist."""
    yield from _unknown("la opción", metadata, _OPTIONS)
    yield from _unknown("el valor de «:varies:»", _kinds(metadata), VARIES)
    yield from _unknown("la etiqueta", metadata.get("tags") or (), TAGS)


def _kinds(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    kinds = (kind.strip() for kind in str(metadata.get("varies", "")).split(","))
    return tuple(kind for kind in kinds if kind)


def _unknown(what: str, given: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for word in given:
        if word not in known:
            yield f"no existe {what} «{word}»: escribe una de {', '.join(sorted(known))}, o nada."

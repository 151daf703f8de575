"""What the store should hold, in plain Python."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from streamdocs.exercises.project.data import DELAY, WINDOW, Message, Payment, window_of

Row = tuple[Any, ...]

COLUMNS = {
    "pagos": ("id", "de", "a", "concepto", "centimos", "momento"),
    "rechazados": ("particion", "desplazamiento", "crudo"),
    "ventanas": ("inicio", "pagos", "total", "media", "maximo", "minimo"),
    "hechos": ("consulta", "batch"),
}
"""The tables of the store, and what they hold."""

QUERIES = ("pagos", "ventanas")
"""The names of the two queries: those of their checkpoints, and in the table ``hechos``."""


@dataclass(frozen=True)
class Sent:
    """A message, and where Kafka put it, in which phase of the try."""

    message: Message
    partition: int
    offset: int
    phase: int


def payments(sent: Iterable[Sent]) -> list[Row]:
    """The rows of ``pagos``: each identifier once."""
    found = {each.id: each for each in _payments(sent)}
    return [tuple(_stored(each)) for each in found.values()]


def _payments(sent: Iterable[Sent]) -> list[Payment]:
    return [each.message.payment for each in sent if each.message.payment is not None]


def _stored(payment: Payment) -> Row:
    fields = payment.fields() | {"momento": stamp(payment.moment)}
    return tuple(fields[name] for name in COLUMNS["pagos"])


def rejected(sent: Iterable[Sent]) -> list[Row]:
    """The rows of ``rechazados``."""
    return [
        (each.partition, each.offset, each.message.value)
        for each in sent
        if each.message.payment is None
    ]


def stamp(moment: datetime) -> str:
    """A moment as the store writes it."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def windows(
    sent: Sequence[Sent], *, repeated: bool = False, late: bool = False, still_open: bool = False
) -> list[Row]:
    """The rows of ``ventanas``: those that the watermark has passed.

    What a wrong program writes: with ``repeated``, it counts an identifier each time; with
    ``late``, what came when its window had ended; ``still_open``, windows that have not ended.
    """
    amounts: dict[datetime, list[int]] = defaultdict(list)
    seen: set[str] = set()
    newest = passed = datetime(1970, 1, 1, tzinfo=UTC)
    phase = 0
    for each in sent:
        payment = each.message.payment
        if each.phase != phase:
            phase, passed = each.phase, newest - DELAY
        if payment is None:
            continue
        newest = max(newest, payment.moment)
        start = window_of(payment.moment)
        if (repeated or payment.id not in seen) and (late or start + WINDOW > passed):
            amounts[start].append(payment.centimos)
        seen.add(payment.id)
    return [
        (stamp(start), len(all_), sum(all_), sum(all_) / len(all_), max(all_), min(all_))
        for start, all_ in sorted(amounts.items())
        if still_open or start + WINDOW <= newest - DELAY
    ]

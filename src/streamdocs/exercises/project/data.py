"""Payments by bizum of one try, and what a hostile sender makes of them, from a seed."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

WINDOW = timedelta(minutes=3)
"""How long a window is."""

DELAY = timedelta(seconds=30)
"""How long the watermark waits."""

_NAMES = (
    *("Begoña", "Íñigo", "Martín", "Lucía", "Àlex", "Hugo", "Nerea", "Xoán"),
    *("Paula", "Iker", "Noa", "Óscar"),
)
_SURNAMES = ("Núñez", "Gil", "Sanz", "Ibáñez", "Roca", "Peña", "Vidal", "Otero", "Marín")
_CONCEPTS = ("café", "cena", "piñata", "regalo de Begoña", "gasolina", "alquiler", "fútbol", "luz")
_IN_ORDER = timedelta(seconds=20)
"""How far a payment may stand behind the one before it: less than the watermark waits."""


@dataclass(frozen=True)
class Payment:
    """A payment, as a message carries it."""

    id: str
    de: str
    a: str
    concepto: str
    centimos: int
    moment: datetime

    def fields(self) -> dict[str, object]:
        """What the JSON object of its message says."""
        return {
            "id": self.id,
            "de": self.de,
            "a": self.a,
            "concepto": self.concepto,
            "centimos": self.centimos,
            "momento": f"{self.moment:%Y-%m-%dT%H:%M:%SZ}",
        }


@dataclass(frozen=True)
class Message:
    """What is sent.

    Attributes:
        value: its bytes.
        payment: the payment that it is; None if it is malformed.
        flaw: what is wrong with it, in words; "" if it is a payment.
    """

    value: bytes
    payment: Payment | None
    flaw: str = ""


def _message(payment: Payment) -> Message:
    return Message(_json(payment.fields()), payment)


def _json(fields: dict[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode()


def _with(**changes: object) -> Callable[[random.Random, Payment], bytes]:
    return lambda rng, payment: _json(payment.fields() | changes)


def _without(name: str) -> Callable[[random.Random, Payment], bytes]:
    def made(_: random.Random, payment: Payment) -> bytes:
        fields = payment.fields()
        del fields[name]
        return _json(fields)

    return made


def _cut(rng: random.Random, payment: Payment) -> bytes:
    whole = _message(payment).value
    return whole[: rng.randrange(10, len(whole) - 10)]


_FLAWS: dict[str, Callable[[random.Random, Payment], bytes]] = {
    "JSON cortado": _cut,
    "JSON sin su última llave": lambda rng, payment: _message(payment).value[:-1],
    "Latin-1": lambda rng, payment: _json(payment.fields()).decode().encode("latin-1"),
    "importe negativo": lambda rng, payment: _json(
        payment.fields() | {"centimos": -payment.centimos}
    ),
    "importe cero": _with(centimos=0),
    "importe con texto": _with(centimos="doce con 50"),
    "sin importe": _without("centimos"),
    "importe con decimales": lambda rng, payment: _json(
        payment.fields() | {"centimos": payment.centimos + 0.5}
    ),
    **{f"sin {name}": _without(name) for name in ("id", "de", "a", "concepto", "momento")},
    "momento que no lo es": _with(momento="ayer"),
    "JSON que no es un objeto": lambda rng, payment: b"[1, 2]",
    "otra cosa": lambda rng, payment: b"PING",
}


def _malformed(rng: random.Random, payment: Payment) -> list[Message]:
    """One of each kind."""
    spoilt = replace(payment, concepto="piñata")
    return [
        Message(made(rng, replace(spoilt, id=f"{payment.id}-{number}")), None, flaw)
        for number, (flaw, made) in enumerate(_FLAWS.items())
    ]


class _Payer:
    """Makes payments that no other seed makes."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        day = rng.randrange(365)
        self.start = (
            datetime(2026, 1, 1, tzinfo=UTC)
            + timedelta(days=day)
            + WINDOW * (rng.randrange(60, 400))
        )
        self._prefix = f"{rng.randrange(16**8):08x}"
        self._made = 0

    def pay(self, after: float) -> Payment:
        """A payment that many seconds after the start."""
        self._made += 1
        return Payment(
            f"{self._prefix}-{self._made:03}",
            *(self._person(), self._person()),
            self._rng.choice(_CONCEPTS),
            self._rng.randrange(100, 30_000),
            self.start + timedelta(seconds=after),
        )

    def _person(self) -> str:
        return f"{self._rng.choice(_NAMES)} {self._rng.choice(_SURNAMES)}"

    def between(self, first: int, last: int, step: int) -> Iterator[Payment]:
        """One about every ``step`` seconds, some a little late; the last is right at ``last``."""
        for second in range(first, last, step):
            back = self._rng.choice((0, 0, 0, min(int(_IN_ORDER.total_seconds()), second)))
            yield self.pay(second - back)
        yield self.pay(last)


Phase = Sequence[Message]
"""Messages that are sent one after another, without waiting for the program."""


def phases(seed: int) -> tuple[Phase, ...]:
    """What is sent in one try; before each phase but the first, all before it was processed.

    The numbers of a statement are pinned: a window ends just as the watermark passes it (and a
    payment of it comes too late), and another one second later than has been sent.
    """
    rng = random.Random(seed)
    payer = _Payer(rng)
    first = _sent(rng, payer.between(0, 195, 8))
    first = _mixed(rng, first, _malformed(rng, payer.pay(60)))
    # Late, but not too late: the watermark is 15 seconds before the end of its window.
    second = [_message(payer.pay(170)), *_sent(rng, payer.between(199, 390, 9))]
    # Too late: their window ended just as the watermark passed it.
    late = [_message(payer.pay(rng.randrange(220, 350))) for _ in range(3)]
    third = [*late, *_sent(rng, payer.between(395, 580, 9))]
    old = [each for each in (*first, *second, *third) if each.payment is not None]
    fourth = _sent(rng, payer.between(585, 749, 9))
    fourth = _mixed(rng, fourth, _malformed(rng, payer.pay(600)))
    fourth = _mixed(rng, fourth, rng.sample(old, 5))
    return tuple(first), tuple(second), tuple(third), tuple(fourth)


def _sent(rng: random.Random, payments: Iterator[Payment]) -> list[Message]:
    """The payments' messages, a few of them twice."""
    messages = [_message(payment) for payment in payments]
    for again in sorted(rng.sample(range(len(messages) - 4), 3), reverse=True):
        messages.insert(again + rng.randrange(1, 4), messages[again])
    return messages


def _mixed(rng: random.Random, into: Sequence[Message], what: Sequence[Message]) -> list[Message]:
    """``what``, spread at random over ``into``, which keeps its own order and its last."""
    mixed = list(into)
    for each in what:
        mixed.insert(rng.randrange(len(mixed)), each)
    return mixed


def window_of(moment: datetime) -> datetime:
    """The start of the window in which a moment lies."""
    return moment - (moment - datetime(2026, 1, 1, tzinfo=UTC)) % WINDOW

"""Exercises on joins: of a stream with a table, and of two streams."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from streamdocs.exercises.catalogue.watermark import watermarks
from streamdocs.exercises.drive import apart, together
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Row, Table

_NOON = datetime(2026, 3, 2, 12)
_PRICES = {"gasas": 1.5, "suero": 2.25, "tiritas": 3.0, "alcohol": 0.75}


def _orders(chance: random.Random) -> Data:
    unknown = chance.sample(("termómetro", "vendas", "guantes"), 2)
    products = [*_PRICES, *unknown, chance.choice(list(_PRICES))]
    chance.shuffle(products)
    # A number with a zero before it: written as such, it has not been read as a number.
    boxes = [f"0{chance.randint(2, 9)}", *(str(chance.randint(2, 30)) for _ in products[1:])]
    numbers = chance.sample(range(10, 99), len(products))
    lines = [
        f"P{number},{product},{count}\n"
        for number, product, count in zip(numbers, products, boxes, strict=True)
    ]
    return ["".join(lines[:2]), "".join(lines[2:5]), "".join(lines[5:])]


def priced(
    texts: Data,
    due: Callable[[int, float | None], float | None] = lambda n, price: price and n * price,
    all_: bool = True,
) -> list[Table]:
    """What is ``due`` for each order; those that have no price, too, or not."""
    rows = []
    for line in "".join(texts).splitlines():
        order, product, count = line.split(",")
        price = _PRICES.get(product)
        if all_ or price:
            euros = due(int(count), price)
            shown = None if euros is None else str(euros)
            rows.append((order, product, str(int(count)), shown))
    return [Table(("pedido", "producto", "cajas", "importe"), tuple(rows))]


@dataclass(frozen=True)
class _Event:
    """A line of a stream: when it happened, to what, and what else it says."""

    when: datetime
    key: str
    rest: str


_Together = Callable[[_Event, _Event], bool]
_Shown = Callable[[_Event, _Event | None], Row]


def _events(text: str) -> list[_Event]:
    fields = (line.split(",") for line in text.splitlines())
    return [_Event(datetime.fromisoformat(when), key, rest) for when, key, rest in fields]


@dataclass(frozen=True)
class _Join:
    """How two streams are joined: for how long they wait, and which rows belong together.

    A pair is as old as ``bound`` says at most: a row of the left stream without another is
    forgotten then, or written without it if the join is ``outer``.
    """

    waits: tuple[float, float]
    bound: float
    same: _Together
    outer: bool = False

    def written(self, texts: Data) -> list[list[tuple[_Event, _Event | None]]]:
        """What each micro-batch writes, in which each stream has one file."""
        streams = [[_events(text) for text in texts[first::2]] for first in (0, 1)]
        moved = [*watermarks(*self._times(streams))]
        lefts, rights = (_in_time(stream, [late for late, _ in moved]) for stream in streams)
        tables: list[list[tuple[_Event, _Event | None]]] = [[] for _ in moved]
        for left, came in lefts:
            pairs = [each for each in rights if self.same(left, each[0])]
            for right, later in pairs:
                tables[max(came, later)].append((left, right))
            end = left.when + timedelta(minutes=self.bound)
            gone = (number for number, (_, closed) in enumerate(moved) if end < closed)
            if self.outer and not pairs:
                for number in [*gone][:1]:
                    tables[max(came, number)].append((left, None))
        return tables

    def _times(
        self, streams: Sequence[Sequence[Sequence[_Event]]]
    ) -> Iterator[tuple[list[list[datetime]], timedelta]]:
        for batches, wait in zip(streams, self.waits, strict=True):
            yield [[e.when for e in events] for events in batches], timedelta(minutes=wait)


def _in_time(
    stream: Sequence[Sequence[_Event]], lates: Sequence[datetime]
) -> list[tuple[_Event, int]]:
    """The rows of a stream that do not come too late, and in which micro-batch they come."""
    return [
        (event, number)
        for number, events in enumerate(stream)
        for event in events
        if event.when > lates[number]
    ]


def _tables(texts: Data, join: _Join, columns: tuple[str, ...], shown: _Shown) -> list[Table]:
    return [
        Table(columns, tuple(shown(left, right) for left, right in rows))
        for rows in join.written(texts)
    ]


def _within(minutes: float) -> _Together:
    def same(left: _Event, right: _Event) -> bool:
        after = right.when - left.when
        return left.key == right.key and timedelta(0) <= after <= timedelta(minutes=minutes)

    return same


def _anytime(left: _Event, right: _Event) -> bool:
    return left.key == right.key


def _not_long_after(left: _Event, right: _Event) -> bool:
    return left.key == right.key and right.when - left.when <= timedelta(minutes=45)


def _after(left: _Event, right: _Event) -> bool:
    return left.key == right.key and right.when >= left.when


def _line(minute: float, key: str, rest: str) -> str:
    when = _NOON + timedelta(minutes=minute)
    return f"{when:%Y-%m-%d %H:%M:%S},{key},{rest}\n"


def _rides(chance: random.Random) -> Data:
    bikes = [f"B{number}" for number in chance.sample(range(10, 99), 9)]
    exact, long, before, at_once, late, in_time, too_late, still, other = bikes
    jitter = partial(_between, chance)

    def leaves(minute: float, bike: str) -> str:
        return _line(minute, bike, chance.choice(("Sol", "Prado", "Retiro", "Ópera")))

    def arrives(minute: float, bike: str) -> str:
        # One without decimals: written as such, it has not been read as a number.
        decimals = 0 if bike == exact else chance.choice((2, 5, 8))
        return _line(minute, bike, f"{chance.randint(2, 9) + decimals / 10:g}")

    # First the departures are behind: with 10 minutes, a row of 12:10 is too late two files after
    # that of 12:20, and one of some seconds later is not. Then the arrivals are, up to 12:50.
    return [
        leaves(2, exact) + leaves(3, long) + leaves(20, other) + leaves(15, too_late),
        arrives(5, before) + arrives(25, late) + arrives(jitter(26, 29), in_time),
        leaves(12, before) + leaves(16, still),
        arrives(jitter(30, 31), other),
        leaves(10, late) + leaves(10.5, in_time),
        arrives(33, before),
        leaves(60, other),
        arrives(47, exact) + arrives(48.5, long) + arrives(50, other),
        leaves(45, at_once),
        arrives(45, at_once),
        leaves(jitter(61, 69), exact),
        arrives(40, too_late) + arrives(40.5, still),
        leaves(70, before),
        arrives(jitter(71, 80), exact),
    ]


def _between(chance: random.Random, first: int, last: int) -> float:
    return chance.randint(first * 60, last * 60) / 60


def ridden(
    texts: Data,
    waits: tuple[float, float] = (10, 10),
    bound: float = 45,
    same: _Together | None = None,
    outer: bool = False,
) -> list[Table]:
    """The rides: each departure with the arrivals of the ``same`` ride, at most ``bound`` after."""
    join = _Join(waits, bound, same or _within(bound), outer)
    return _tables(texts, join, ("bici", "sale", "llega", "km"), _ride)


def _ride(left: _Event, right: _Event | None) -> Row:
    end = (f"{right.when:%H:%M:%S}", str(float(right.rest))) if right else (None, None)
    return (left.key, f"{left.when:%H:%M:%S}", *end)


def _deliveries(chance: random.Random) -> Data:
    orders = [f"P{number}" for number in chance.sample(range(10, 99), 13)]
    exact, slow, at_once, before, lost, waits, forgotten, *more = orders
    pending, quick, good, last, never, tardy = more
    jitter = partial(_between, chance)

    def asks(minute: float, order: str) -> str:
        return _line(minute, order, chance.choice(("paella", "tortilla", "croquetas", "cocido")))

    def brings(minute: float, order: str) -> str:
        return _line(minute, order, chance.choice(("Ana", "Luis", "Marta", "Iván")))

    # First the orders are behind: when they are at 12:36, those of up to 12:01 cannot be brought
    # in time any more. Then the deliveries are: at 13:10, it is those of up to 12:35.
    return [
        asks(0.5, lost) + asks(1.5, waits) + asks(10, exact) + asks(11, slow) + asks(36, quick),
        brings(jitter(37, 39), quick) + brings(jitter(40, 42), good),
        asks(34.5, forgotten) + asks(jitter(33, 34), good) + asks(35.5, pending),
        brings(40, exact) + brings(41.5, slow) + brings(32, before),
        asks(jitter(33, 34), before) + asks(80, last),
        brings(70, never),
        asks(75, at_once),
        brings(75, at_once) + brings(66, tardy),
        asks(jitter(81, 90), never) + asks(jitter(40, 60), tardy),
        brings(jitter(84, 89), last),
        asks(100, lost),
        brings(jitter(95, 99), lost),
    ]


_HALF = timedelta(minutes=30)
_COURIERS = ("pedido", "plato", "repartidor")


def brought(
    texts: Data,
    waits: tuple[float, float] = (5, 5),
    bound: float = 30,
    same: _Together | None = None,
    outer: bool = True,
) -> list[Table]:
    """Each order with who brought it; those that nobody has brought, when it is too late."""
    join = _Join(waits, bound, same or _within(bound), outer)
    return _tables(texts, join, _COURIERS, _delivery)


def _delivery(left: _Event, right: _Event | None) -> Row:
    return (left.key, left.rest, right.rest if right else None)


EXERCISES = (
    Exercise(
        "joins",
        "joins",
        "completa",
        "lo que vale cada pedido",
        _orders,
        together,
        priced,
        (
            Mistake(
                "pierde los pedidos que no están en la lista de precios: mira el tipo de *join*",
                (('"left"', '"inner"'),),
                partial(priced, all_=False),
            ),
            Mistake(
                "escribe lo que vale una caja: el importe es lo que valen todas las del pedido",
                (("cajas * precio", "precio"),),
                partial(priced, due=lambda _, price: price),
            ),
            Mistake(
                "cobra cero por lo que no tiene precio: no saberlo no es regalarlo",
                (("cajas * precio", "cajas * coalesce(precio, 0)"),),
                partial(priced, due=lambda n, price: n * (price or 0.0)),
            ),
            Mistake(
                "se queda con todos los precios, y no con todos los pedidos: un *stream* no deja, "
                "porque nunca se sabe que un precio no tendrá pedido",
                (('"left"', '"right"'),),
                None,
                "RightOuter",
            ),
        ),
    ),
    Exercise(
        "joins-plazo",
        "joins",
        "cambia",
        "viajes en bici, con un plazo",
        _rides,
        partial(apart, folders=("salidas", "llegadas")),
        ridden,
        (
            Mistake(
                "hace todavía lo de antes: une una salida con cualquier llegada de esa bici, "
                "también con las de otros viajes",
                (
                    (
                        ' AND llega >= sale"\n        " AND llega <= sale + interval 45 minutes"',
                        '"',
                    ),
                ),
                partial(ridden, same=_anytime),
            ),
            Mistake(
                "une una salida con llegadas de antes, que son de otro viaje: falta que la llegada "
                "no sea anterior",
                ((" AND llega >= sale", ""),),
                partial(ridden, same=_not_long_after),
            ),
            Mistake(
                "no pone fin al viaje: falta que la llegada sea, como mucho, 45 minutos después",
                ((" AND llega <= sale + interval 45 minutes", ""),),
                partial(ridden, same=_after, bound=10**6),
            ),
            Mistake(
                "escribe también las salidas sin llegada: aquí solo se piden los viajes enteros",
                (('minutes"\n    ),\n)', 'minutes"\n    ),\n    "leftOuter",\n)'),),
                partial(ridden, outer=True),
            ),
        ),
    ),
    Exercise(
        "joins-sin-pareja",
        "joins",
        "escribe",
        "pedidos que nadie entrega",
        _deliveries,
        partial(apart, folders=("pedidos", "entregas")),
        brought,
        (
            Mistake(
                "pierde los pedidos que nadie entrega: mira el tipo de *join*",
                (('"leftOuter"', '"inner"'),),
                partial(brought, outer=False),
            ),
            Mistake(
                "da por buena una entrega anterior a su pedido: falta que no lo sea",
                ((" AND entregada >= pedida", ""),),
                partial(brought, same=lambda o, d: o.key == d.key and d.when - o.when <= _HALF),
            ),
            Mistake(
                "espera tanto que no da por perdido ningún pedido: son cinco minutos por *stream*",
                (('"5 minutes"', '"5 hours"'),),
                partial(brought, waits=(300, 300)),
            ),
            Mistake(
                "no dice hasta cuándo puede llegar una entrega, y así no se puede dar por perdido "
                "ningún pedido: falta el plazo en la condición",
                ((" AND entregada <= pedida + interval 30 minutes", ""),),
                None,
                "without a watermark",
            ),
        ),
    ),
)

"""Exercises on state: duplicates, and a state of one's own."""

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from streamdocs.exercises.catalogue.watermark import watermarks
from streamdocs.exercises.drive import laid
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Row, Table

_NOON = datetime(2026, 3, 2, 12)
_Line = tuple[datetime, str, str]


def _at(minute: float, who: str, euros: str) -> str:
    return f"{_NOON + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S},{who},{euros}\n"


def _lines(text: str) -> list[_Line]:
    fields = (line.split(",") for line in text.splitlines())
    return [(datetime.fromisoformat(when), who, rest) for when, who, rest in fields]


def _batches(texts: Data, patience: float) -> Iterator[tuple[list[_Line], datetime, datetime]]:
    """The lines of each micro-batch, the time after which they are not late, and what is closed."""
    rows = [_lines(text) for text in texts]
    times = [[when for when, *_ in lines] for lines in rows]
    moved = watermarks((times, timedelta(minutes=patience)))
    return ((lines, *both) for lines, both in zip([*rows, []], moved, strict=True))


def _parking(chance: random.Random) -> Data:
    tickets = [f"T{number}" for number in chance.sample(range(100, 999), 8)]
    again, other, twice, new, late, in_time, last, end = tickets
    # An amount without decimals: written as such, it has not been read as a number.
    euros = {each: f"{chance.randint(2, 19)}{chance.choice(('', '.5'))}" for each in tickets}
    euros[again] = str(chance.randint(2, 9))

    def paid(minute: float, ticket: str) -> str:
        return _at(minute + chance.randint(0, 20) / 60, ticket, euros[ticket])

    same = paid(15, new)
    # With 10 minutes, what is not after 12:10 is late two files after 12:20.
    return [
        paid(0, again) + paid(2, other),
        paid(5, twice) + paid(chance.randint(3, 8), again) + same,
        same + _at(20, last, euros[last]),
        paid(chance.randint(13, 14), twice) + paid(16, end),
        _at(10, late, euros[late]) + paid(10.4, in_time) + paid(40, other),
        paid(41, other),
        paid(42, again),
        paid(43, again) + paid(44, twice),
    ]


def once(
    texts: Data,
    patience: float = 10,
    key: Callable[[_Line], object] = lambda line: line[1],
    forget: bool = True,
) -> list[Table]:
    """The payments whose ``key`` is not remembered; it is for as long as late ones are awaited."""
    known: dict[object, datetime] = {}
    tables = []
    for lines, late, closed in _batches(texts, patience):
        rows = []
        for line in lines:
            when, ticket, euros = line
            if when > late and key(line) not in known:
                known[key(line)] = when + timedelta(minutes=patience)
                rows.append((f"{when:%H:%M:%S}", ticket, str(float(euros))))
        tables.append(Table(("hora", "ticket", "euros"), tuple(rows)))
        if forget:
            known = {each: until for each, until in known.items() if until > closed}
    return tables


def _carts(chance: random.Random) -> Data:
    ana, luis, rosa, eva, ivan = chance.sample(("Ana", "Luis", "Marta", "Iván", "Rosa", "Eva"), 5)

    def added(minute: float, who: str) -> str:
        return _at(minute + chance.randint(0, 10) / 60, who, f"{chance.randint(8, 30)}.5")

    # Half a minute lies between what is closed with a watermark of 1 minute, and with another.
    return [
        added(0, ana) + added(2.2, luis) + added(1, luis),
        added(9, ana) + added(8, ana),
        added(chance.randint(12, 15), luis) + added(19.5, rosa),
        added(20, rosa) * chance.randint(1, 2),
        added(21.5, eva),
        added(21.8, eva),
        added(22.6, eva),
        added(23, ana) * chance.randint(1, 2),
        added(41.5, ivan),
        added(42, ivan),
        added(60, ivan),
    ]


def _number(books: list[float]) -> str:
    return str(len(books))


def _worth(books: list[float]) -> str:
    return str(sum(books))


def closed(
    texts: Data,
    patience: float = 1,
    since: Callable[[Sequence[datetime]], datetime] | None = None,
    shown: tuple[str, Callable[[list[float]], str]] = ("libros", _number),
    clear: bool = True,
) -> list[Table]:
    """The carts as they are closed: 20 minutes after their first book, or ``since`` the last."""
    carts: dict[str, tuple[datetime, list[float]]] = {}
    stuck: set[str] = set()
    column, of = shown
    tables = []
    for lines, _, end in _batches(texts, patience):
        for who in dict.fromkeys(who for _, who, _ in lines):
            times = [when for when, other, _ in lines if other == who]
            until, books = carts.get(who, (min(times) + _PATIENCE, []))
            if since:
                until = since(times) + _PATIENCE
            carts[who] = (until, books + [float(e) for _, other, e in lines if other == who])
        done = [who for who, (until, _) in carts.items() if until < end and who not in stuck]
        tables.append(Table(("cliente", column), tuple((w, of(carts[w][1])) for w in done)))
        if clear:
            carts = {who: cart for who, cart in carts.items() if who not in done}
        else:
            stuck.update(done)
    return tables


_PATIENCE = timedelta(minutes=20)


def _doors(chance: random.Random) -> Data:
    doors = chance.sample(("norte", "sur", "muelle", "patio", "oficina"), 3)
    start = chance.sample(("abierta", "cerrada"), 2)

    def seen(minute: int, door: int, state: int) -> str:
        return f"12:{minute:02}:{chance.randint(0, 59):02},{doors[door]},{start[state]}\n"

    # The fourth file, in the order of its lines, has another story to tell.
    return [
        seen(0, 0, 0) + seen(1, 1, chance.randint(0, 1)),
        seen(5, 0, 0) + seen(6, 2, 0) + seen(7, 2, 1),
        seen(10, 0, 1) + seen(11, 2, 1),
        seen(17, 0, 1) + seen(16, 0, 0) + seen(15, 2, chance.randint(0, 1)),
        *(seen(minute, chance.randint(0, 2), chance.randint(0, 1)) for minute in (21, 25)),
        seen(30, 0, 0) + seen(31, 0, 0),
    ]


def moved(
    texts: Data,
    written: Callable[[str | None, str], bool] = lambda before, now: before not in (None, now),
    remember: bool = True,
    sort: bool = True,
) -> list[Table]:
    """The doors that are ``written``, for their state before, if it is remembered, and now."""
    states: dict[str, str] = {}
    tables = []
    for text in texts:
        lines = [line.split(",") for line in text.splitlines()]
        states = states if remember else {}
        rows: list[Row] = []
        for when, door, state in sorted(lines) if sort else lines:
            if written(states.get(door), state):
                rows.append((when, door, states.get(door), state))
            states[door] = state
        tables.append(Table(("hora", "puerta", "antes", "ahora"), tuple(rows)))
    return tables


_NOT_MOVED = (
    (
        "        if not self.carrito.exists():\n"
        "            primero = min(fila.momento for fila in filas)\n"
        "            self.handle.registerTimer(primero + PLAZO)\n",
        "        for alarma in list(self.handle.listTimers()):\n"
        "            self.handle.deleteTimer(alarma)\n"
        "        ultimo = max(fila.momento for fila in filas)\n"
        "        self.handle.registerTimer(ultimo + PLAZO)\n",
    ),
)
_IN_EUROS = (
    ("cuantos + len(filas)", "cuantos + sum(fila.euros for fila in filas)"),
    ("libros int", "libros double"),
)

EXERCISES = (
    Exercise(
        "estado",
        "estado",
        "completa",
        "pagos que se envían otra vez",
        _parking,
        laid,
        once,
        (
            Mistake(
                "no olvida nunca un ticket, y pierde el pago de quien lo lleva horas después: "
                "busca la manera que olvida tras la espera",
                (("dropDuplicatesWithinWatermark", "dropDuplicates"),),
                partial(once, forget=False),
            ),
            Mistake(
                "compara también la hora, y un reenvío lleva otra: compara solo el ticket",
                (
                    ("dropDuplicatesWithinWatermark", "dropDuplicates"),
                    ('["ticket"]', '["hora", "ticket"]'),
                ),
                partial(once, key=lambda line: line[:2]),
            ),
            Mistake(
                "espera una hora, y se acuerda de los tickets demasiado tiempo: son diez minutos",
                (('"10 minutes"', '"1 hour"'),),
                partial(once, patience=60),
            ),
            Mistake(
                "no dice cuánto espera: sin `withWatermark` no se sabe cuándo olvidar un ticket",
                (('.withWatermark(\n    "hora", "10 minutes"\n)', ""),),
                None,
                "without watermark",
            ),
        ),
    ),
    Exercise(
        "estado-carritos",
        "estado",
        "cambia",
        "carritos que se cierran a su hora",
        _carts,
        laid,
        closed,
        (
            Mistake(
                "hace todavía lo de antes: cuenta los 20 minutos desde el último libro, y escribe "
                "euros",
                (
                    *_NOT_MOVED,
                    *_IN_EUROS,
                    ("libros double", "euros double"),
                    ("libros=cuantos", "euros=cuantos"),
                ),
                partial(closed, since=max, shown=("euros", _worth)),
            ),
            Mistake(
                "retrasa la alarma con cada libro: pon una sola, con el primero, y no la muevas",
                _NOT_MOVED,
                partial(closed, since=max),
            ),
            Mistake(
                "suma euros, y hay que contar libros: cada línea es un libro",
                _IN_EUROS,
                partial(closed, shown=("libros", _worth)),
            ),
            Mistake(
                "no olvida un carrito cerrado, y el siguiente de ese cliente no se cierra nunca: "
                "mira `clear`",
                (("        self.carrito.clear()\n", ""),),
                partial(closed, clear=False),
            ),
        ),
    ),
    Exercise(
        "estado-puertas",
        "estado",
        "escribe",
        "puertas que se abren y se cierran",
        _doors,
        laid,
        moved,
        (
            Mistake(
                "escribe también la primera vez que ve una puerta: aún no ha cambiado nada",
                (("antes is not None and ", ""),),
                partial(moved, written=lambda before, now: before != now),
            ),
            Mistake(
                "escribe todas las lecturas: compara cada una con la anterior de su puerta",
                ((" and antes != fila.estado", ""),),
                partial(moved, written=lambda before, _: before is not None),
            ),
            Mistake(
                "se olvida de las puertas en cada fichero: guarda el último estado con `update`",
                (("        self.ultimo.update((antes,))\n", ""),),
                partial(moved, remember=False),
            ),
            Mistake(
                "toma las líneas como vienen: dentro de un fichero, ordénalas por su hora",
                (("sorted(rows, key=lambda fila: fila.hora)", "rows"),),
                partial(moved, sort=False),
            ),
        ),
    ),
)

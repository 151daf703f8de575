"""What is wrong with a store, each problem in one sentence that says why."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from streamdocs.exercises.project import expected
from streamdocs.exercises.project.data import DELAY, Payment
from streamdocs.exercises.project.expected import COLUMNS, Row, Sent
from streamdocs.exercises.project.store import Store

_REPEATED_BATCH = "los del batch que Spark repitió al arrancar"


@dataclass(frozen=True)
class Tried:
    """What happened to a program.

    Attributes:
        sent: all that was sent to it, in order.
        killed: in which phases it was killed.
        added: the partition that was added; None if none was.
        batches: how many batches each query has noted down in its checkpoint.
    """

    sent: Sequence[Sent]
    killed: Sequence[int]
    added: int | None
    batches: Mapping[str, int]


def problems(tried: Tried, store: Store) -> list[str]:
    """What is wrong with the tables that ``store`` has."""
    found = [*_payments(tried, store["pagos"]), *_rejected(tried, store["rechazados"])]
    if not found and "ventanas" in store:
        found += _windows(tried, store["ventanas"])
    if "hechos" in store:
        found += _batches(tried, store["hechos"])
    return found


def _payments(tried: Tried, rows: Sequence[Row]) -> Iterator[str]:
    want = {row[0]: row for row in expected.payments(tried.sent)}
    times = Counter(row[0] for row in rows)
    copies = Counter(each.message.payment.id for each in tried.sent if each.message.payment)
    twice = [id_ for id_, many in times.items() if many > 1 and id_ in want]
    by_sender = [id_ for id_ in twice if copies[id_] > 1]
    by_spark = [id_ for id_ in twice if copies[id_] == 1 or times[id_] > copies[id_]]
    if by_sender:
        yield (
            f"Has guardado más de una vez {_many(by_sender, 'pago')} que quien envía ha repetido: "
            "un id que ya está en «pagos» no se guarda otra vez."
        )
    if by_spark:
        yield (
            f"Has contado dos veces {_many(by_spark, 'pago')}: {_REPEATED_BATCH}. Su número estaba "
            "ya en «hechos», o debía estar."
        )
    missing = [id_ for id_ in want if id_ not in times]
    if missing:
        yield f"En «pagos» {_lack(missing, 'pago')}: {_why_missing(tried, missing)}."
    for row in rows:
        if row[0] in want and not _same(row, want[row[0]]):
            yield f"En «pagos» hay {_shown(row)}, y debe ser {_shown(want[row[0]])}."
            break
    extra = [row for row in rows if row[0] not in want]
    if extra:
        yield (
            f"En «pagos» has dado por {'bueno' if len(extra) == 1 else 'buenos'} "
            f"{_many(extra, 'mensaje')} que no lo son: uno es {_shown(extra[0])}."
        )


def _why_missing(tried: Tried, missing: Sequence[str]) -> str:
    first: dict[str, tuple[Payment, Sent]] = {}
    for each in tried.sent:
        if each.message.payment:
            first.setdefault(each.message.payment.id, (each.message.payment, each))
    lost = [first[id_] for id_ in missing]
    if len(lost) == len(first):
        return "todos, porque tu programa no guarda ninguno"
    if all(each.phase == 0 for _, each in lost):
        return "los que ya estaban en el topic cuando arrancó tu programa: mira «startingOffsets»"
    if all(each.partition == tried.added for _, each in lost):
        return "los de la partición que se añadió con el programa en marcha"
    if all(each.phase in tried.killed for _, each in lost):
        return (
            f"{_REPEATED_BATCH} después de morir a medias. Filas y número van en una misma "
            "transacción: el número solo, antes, hace que se salten"
        )
    if all(_late(tried.sent, *one) for one in lost):
        return "los que llegaron tarde no entran en su ventana, pero sí en «pagos»"
    return f"el primero, {_shown(lost[0][0].fields().values())}"


def _late(sent: Sequence[Sent], payment: Payment, one: Sent) -> bool:
    """Whether a payment came when the watermark had passed it."""
    before = (each.message.payment for each in sent if each.phase < one.phase)
    return any(each and payment.moment < each.moment - DELAY for each in before)


def _rejected(tried: Tried, rows: Sequence[Row]) -> Iterator[str]:
    want = {row[:2]: row for row in expected.rejected(tried.sent)}
    flaws = {(each.partition, each.offset): each.message.flaw for each in tried.sent}
    times = Counter(row[:2] for row in rows)
    if not rows:
        yield (
            f"No has apartado ninguno de los {len(want)} mensajes malformados: deben estar en "
            "«rechazados», con su partición, su desplazamiento y sus bytes."
        )
        return
    missing = Counter(flaws[place] for place in want if place not in times)
    if missing:
        kinds = ", ".join(f"{flaw} ({many})" for flaw, many in missing.items())
        yield f"En «rechazados» {_lack(range(missing.total()), 'mensaje')}: {kinds}."
    extra = [place for place in times if place not in want]
    if extra:
        yield f"En «rechazados» {_spare(extra, 'mensaje')}, como el de {_place(extra[0])}."
    twice = [place for place, many in times.items() if many > 1]
    if twice:
        yield f"Has apartado dos veces {_many(twice, 'mensaje')}: {_REPEATED_BATCH}."
    for row in rows:
        if row[:2] in want and row != want[row[:2]]:
            yield (
                f"El «crudo» de {_place(row[:2])} es {row[2]!r}, y deben ser los bytes que "
                f"llegaron: {want[row[:2]][2]!r}."
            )
            break


def _windows(tried: Tried, rows: Sequence[Row]) -> Iterator[str]:
    want = expected.windows(tried.sent)
    have = sorted(rows, key=str)
    if _equal(have, want):
        return
    if not rows:
        yield f"La tabla «ventanas» está vacía, y se han cerrado {len(want)} ventanas."
        return
    twice = [start for start, many in Counter(row[0] for row in rows).items() if many > 1]
    if twice:
        yield f"Has escrito dos veces {_many(twice, 'ventana')}: {_REPEATED_BATCH}, o sin cerrar."
        return
    closed = [row for row in have if row[0] in {other[0] for other in want}]
    open_ = [row for row in have if row not in closed]
    if len(open_) > 0:
        yield (
            f"En «ventanas» {_spare(open_, 'ventana')}, como la de las {open_[0][0]}: solo "
            "se escriben las de 3 minutos que la watermark de 30 segundos ya ha pasado."
        )
    for says, answer in (
        ("cuentan los ids repetidos", expected.windows(tried.sent, repeated=True)),
        (
            "cuentan lo que llegó cuando ya se habían cerrado",
            expected.windows(tried.sent, late=True),
        ),
        (
            "cuentan los ids repetidos y lo que llegó cuando ya se habían cerrado",
            expected.windows(tried.sent, repeated=True, late=True),
        ),
    ):
        if _equal(closed, answer) and answer != want:
            yield f"Tus ventanas {says}: compara con la watermark y los repetidos del enunciado."
            return
    for row in want:
        own = next((other for other in have if other[0] == row[0]), None)
        if own is None:
            yield f"Falta la ventana de las {row[0]}, que ya se ha cerrado: {_named(row)}."
            return
        if not _same(own, row):
            yield f"La ventana de las {row[0]} dice {_named(own)}, y debe decir {_named(row)}."
            return


def _batches(tried: Tried, rows: Sequence[Row]) -> Iterator[str]:
    for query, many in tried.batches.items():
        noted = {row[1] for row in rows if row[0] == query}
        missing = [number for number in range(many) if number not in noted]
        if missing:
            yield (
                f"En «hechos» {_lack(missing, 'batch')} de la consulta «{query}», el "
                f"primero, el {missing[0]}: cada uno se apunta en la transacción de sus filas."
            )


def _equal(have: Sequence[Row], want: Sequence[Row]) -> bool:
    return len(have) == len(want) and all(map(_same, have, want))


def _same(have: Row, want: Row) -> bool:
    return all(_same_value(one, other) for one, other in zip(have, want, strict=True))


def _same_value(have: object, want: object) -> bool:
    if isinstance(want, float):
        return isinstance(have, float | int) and math.isclose(have, want, rel_tol=1e-6)
    return type(have) is type(want) and have == want


def _named(row: Row) -> str:
    return ", ".join(
        f"{name} {value!r}" for name, value in zip(COLUMNS["ventanas"], row, strict=True)
    )


def _shown(row: Iterable[object]) -> str:
    return f"|{'|'.join(map(repr, row))}|"


def _place(place: Row) -> str:
    return f"la partición {place[0]}, desplazamiento {place[1]}"


def _lack(all_: Sequence[object], noun: str) -> str:
    return f"{'falta' if len(all_) == 1 else 'faltan'} {_many(all_, noun)}"


def _spare(all_: Sequence[object], noun: str) -> str:
    return f"{'sobra' if len(all_) == 1 else 'sobran'} {_many(all_, noun)}"


def _many(all_: Sequence[object], noun: str) -> str:
    plural = {"pago": "pagos", "mensaje": "mensajes", "ventana": "ventanas", "batch": "batches"}
    return f"1 {noun}" if len(all_) == 1 else f"{len(all_)} {plural[noun]}"

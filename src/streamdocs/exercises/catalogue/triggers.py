"""Exercises on triggers: when a micro-batch begins, and what is in it."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from streamdocs.exercises.drive import by_batch, laid, lines_read, nightly, said, told
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_PRODUCTS = ("pan", "vino", "aceite", "queso", "arroz", "miel")


def _orders(chance: random.Random) -> Data:
    return [f"{chance.choice(_PRODUCTS)} {number}\n" for number in range(chance.choice((5, 7)))]


def by(texts: Data, most: int = 2) -> list[Table]:
    """At most ``most`` files at once."""
    rows = [(text.rstrip("\n"),) for text in texts]
    return [Table(("value",), tuple(rows[i : i + most])) for i in range(0, len(rows), most)]


def _priced(chance: random.Random) -> Data:
    def line() -> str:
        return f"{chance.choice(_PRODUCTS)};{chance.randint(2, 30)}\n"

    # Three by three, 13 to 15 files are five micro-batches; one more or less at once, they are not.
    files = chance.choice((13, 14, 15))
    return ["".join(line() for _ in range(chance.randint(1, 3))) for _ in range(files)]


_TOLD = "micro-batch {number}: {orders} pedidos, {euros} euros"


def five(
    texts: Data,
    most: int = 3,
    line: str = _TOLD,
    total: Callable[[Sequence[int]], int] = sum,
) -> list[Table]:
    """What each micro-batch of at most ``most`` files says in its ``line``, and what it reads."""
    read, lines = {}, []
    for number, begin in enumerate(range(0, len(texts), most)):
        rows = "".join(texts[begin : begin + most]).splitlines()
        euros = total([int(row.split(";")[1]) for row in rows])
        read[number] = len(rows)
        lines.append(line.format(number=number, orders=len(rows), euros=euros))
    return [said(lines), by_batch(read)]


def _journeys(chance: random.Random) -> Data:
    def line(bus: str) -> str:
        return f"{bus};{chance.randint(20, 300)}\n"

    # Two come both nights, one only the first, and one only the second.
    both, also, early, late = chance.sample(("L1", "L2", "L3", "L4", "L5"), 4)
    # More files than any other exercise takes at a time.
    more = [[chance.choice((both, early))] for _ in range(chance.randint(3, 4))]
    nights = [[both, early, also], [also, both], *more, [both, late, both, also]]
    for some in nights:
        chance.shuffle(some)
    return ["".join(map(line, some)) for some in nights]


def totals(
    texts: Data,
    all_: bool = False,
    forgets: bool = False,
    counts: Callable[[int], int] = int,
    apart: bool = False,
) -> list[Table]:
    """What is written each night, and how many lines are read.

    ``all_``: all totals, touched or not; ``forgets``: the second night reads all again;
    ``counts``: what a line counts; ``apart``: each file in a micro-batch of its own.
    """
    first, last = list(texts[:-1]), list(texts[-1:])
    batches = [*(first if apart else ["".join(first)]), "".join(texts if forgets else last)]
    known: Counter[str] = Counter()
    tables = []
    for number, batch in enumerate(batches, 1):
        rows = [line.split(";") for line in batch.splitlines()]
        if forgets and number == len(batches):
            known.clear()
        for bus, passengers in rows:
            known[bus] += counts(int(passengers))
        shown = list(known if all_ else dict.fromkeys(bus for bus, _ in rows))
        table = tuple((bus, str(known[bus])) for bus in shown)
        tables.append(Table(("linea", "viajeros"), table))
    read = (len("".join(some).splitlines()) for some in (first, texts if forgets else last))
    return [*tables, lines_read(*read)]


def _one(_: int) -> int:
    return 1


_ASKS = 'cuantos, euros = tabla.selectExpr("count(*)", "sum(euros)").first()'
_THREE = '    .option("maxFilesPerTrigger", 3)\n'

EXERCISES = (
    Exercise(
        "triggers",
        "triggers",
        "completa",
        "de dos en dos, y acabar",
        _orders,
        laid,
        by,
        (
            Mistake(
                "los procesa todos de una vez: dile a la fuente cuántos ficheros por micro-batch",
                (('    .option("maxFilesPerTrigger", 2)\n', ""),),
                partial(by, most=99),
            ),
            Mistake(
                "los procesa de uno en uno: han de ser dos por micro-batch",
                (('"maxFilesPerTrigger", 2', '"maxFilesPerTrigger", 1'),),
                partial(by, most=1),
            ),
        ),
    ),
    Exercise(
        "triggers-cinco",
        "triggers",
        "cambia",
        "exactamente cinco micro-batches",
        _priced,
        told,
        five,
        (
            Mistake(
                "hace todavía lo de antes: todo en un micro-batch, y sin los euros",
                (
                    (_THREE, ""),
                    (
                        '{cuantos} pedidos, {euros} euros"',
                        '{cuantos} pedidos"',
                    ),
                ),
                partial(five, most=99, line=_TOLD.partition(",")[0]),
            ),
            Mistake(
                "lo procesa todo en un micro-batch: dile a la fuente cuántos ficheros lee cada vez",
                ((_THREE, ""),),
                partial(five, most=99),
            ),
            Mistake(
                "lee cinco ficheros cada vez: cinco han de ser los micro-batches",
                ((_THREE, _THREE.replace("3", "5")),),
                partial(five, most=5),
            ),
            Mistake(
                "dice en los euros cuántos pedidos son: hay que sumar lo que cuestan",
                (("sum(euros)", "count(euros)"),),
                partial(five, total=len),
            ),
            Mistake(
                "lee los ficheros dos veces: cada pregunta a la tabla de un micro-batch la calcula "
                "desde el principio; haz una sola, o guárdala antes con `persist`",
                (
                    (
                        _ASKS,
                        "cuantos = tabla.count()\n    "
                        'euros = tabla.selectExpr("sum(euros)").first()[0]',
                    ),
                ),
                None,
                "líneas, y en la carpeta que dice ENTRADA hay",
            ),
        ),
    ),
    Exercise(
        "triggers-cron",
        "triggers",
        "escribe",
        "cada noche, solo lo nuevo",
        _journeys,
        nightly,
        totals,
        (
            Mistake(
                "la segunda noche lo lee todo otra vez: dile a la consulta dónde apuntar por "
                "dónde va, con `checkpointLocation`",
                (('    .option("checkpointLocation", CHECKPOINT)\n', ""),),
                partial(totals, forgets=True),
            ),
            Mistake(
                "enseña cada noche todas las líneas: son las que traen algo nuevo, y eso es otro "
                "modo de salida",
                (('"update"', '"complete"'),),
                partial(totals, all_=True),
            ),
            Mistake(
                "cuenta filas: hay que sumar los viajeros de cada una",
                (
                    ('suma("viajeros")', 'count("viajeros")'),
                    ("import sum as suma", "import count"),
                ),
                partial(totals, counts=_one),
            ),
            Mistake(
                "procesa los ficheros de uno en uno: cada noche es un solo micro-batch",
                (
                    (
                        '    .option("sep", ";")\n',
                        '    .option("sep", ";")\n    .option("maxFilesPerTrigger", 1)\n',
                    ),
                ),
                partial(totals, apart=True),
            ),
            Mistake(
                "pide el modo `append`: un total que mañana puede ser otro no es definitivo",
                (('"update"', '"append"'),),
                None,
                "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION",
            ),
        ),
    ),
)

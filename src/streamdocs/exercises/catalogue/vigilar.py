"""Exercises on watching a query: what it says of its data, and what it refuses to write."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive_watched import diary, ended, guarded
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.exercises.stores import unordered
from streamdocs.recording.tables import Table

_RUBBISH = ("dos", "2,5", "", "3 o 4")
GUARDED = 3
"""How the program ends that has met too many bad rows."""


def _stops(chance: random.Random) -> Data:
    """Files of two to seven lines, in which some passengers are no number, or less than none."""

    def good() -> str:
        return str(chance.randint(1, 40))

    def bad() -> str:
        return chance.choice((*_RUBBISH, str(-chance.randint(2, 9))))

    files = [[good(), good(), *(bad() for _ in range(chance.randrange(3)))] for _ in range(3)]
    # The edges, and of each kind another number: none is a number, and less than none is not.
    all_kinds = [good(), good(), good(), "0", chance.choice(_RUBBISH), "-1", "-1"]
    return [_text(chance, values) for values in (*files, all_kinds)]


def _orders(chance: random.Random) -> Data:
    """Files of which one has just half of its rows bad, and a later one more than half."""

    def good() -> str:
        return str(chance.randint(1, 60))

    def bad() -> str:
        return str(-chance.randint(2, 30))

    half = [good(), "0", bad(), bad()]
    most = [good(), "-1", bad()]
    before = [[good(), good(), bad()] for _ in range(chance.randint(1, 2))]
    after = [[good(), good()]]
    return [_text(chance, values) for values in (*before, half, most, *after)]


def _text(chance: random.Random, values: list[str]) -> str:
    """The lines of a file, each with a place of its own."""
    places = chance.sample(range(100, 999), len(values))
    lines = [f"p{place};{value}\n" for place, value in zip(places, values, strict=True)]
    return "".join(chance.sample(lines, len(lines)))


def _read(text: str) -> list[tuple[str, int | None]]:
    fields = (line.split(";") for line in text.splitlines())
    return [(place, _number(value)) for place, value in fields]


def _number(value: str) -> int | None:
    try:
        return int(value)
    except ValueError:
        return None


def _bad(passengers: int | None) -> bool:
    return passengers is None or passengers < 0


def _only_null(passengers: int | None) -> bool:
    return passengers is None


def _only_negative(passengers: int | None) -> bool:
    return passengers is not None and passengers < 0


def _good(passengers: int | None) -> bool:
    return not _bad(passengers)


def noted(
    texts: Data, bad: Callable[[int | None], bool] = _bad, numbered: bool = True
) -> list[Table]:
    """What the diary says of each micro-batch: its number (or its rows), its rows, its bad ones."""
    files = [[value for _, value in _read(text)] for text in texts]
    return [
        unordered(
            [
                {
                    "batch": number if numbered else len(values),
                    "filas": len(values),
                    "malas": sum(map(bad, values)),
                }
                for number, values in enumerate(files)
            ]
        )
    ]


def counted(
    texts: Data,
    counts: Callable[[int], bool] = lambda passengers: passengers >= 0,
    highest: Callable[[list[int]], int] = max,
    running: bool = False,
) -> list[Table]:
    """What the diary says of each micro-batch: the sum of what ``counts``, and the highest.

    With a ``running`` sum, that of all files so far.
    """
    rows: list[dict[str, object]] = []
    before = 0
    for number, text in enumerate(texts):
        values = [value for _, value in _read(text) if value is not None]
        total = sum(filter(counts, values)) + before
        before = total if running else 0
        rows.append({"batch": number, "mayor": highest(values), "viajeros": total})
    return [unordered(rows)]


def written(
    texts: Data,
    refuses: Callable[[int, int], bool] = lambda rows, bad: 2 * bad > rows,
    keeps_last: bool = False,
    ends: int = GUARDED,
) -> list[Table]:
    """What is stored until a file ``refuses`` (by its rows, and its bad ones), and how it ends.

    Twice: started again, the program meets the same file.
    """
    kept: list[tuple[str, int | None]] = []
    for file in map(_read, texts):
        if refuses(len(file), sum(_only_negative(value) for _, value in file)):
            again = file if keeps_last else []
            return [
                *(_stored([*kept, *again]), ended(ends)),
                *(_stored([*kept, *again, *again]), ended(ends)),
            ]
        kept += file
    return [_stored(kept), ended(0)] * 2


def _filtered(texts: Data) -> list[Table]:
    rows = [row for file in map(_read, texts) for row in file if not _bad(row[1])]
    return [_stored(rows), ended(0)] * 2


def _stored(rows: list[tuple[str, int | None]]) -> Table:
    return unordered([{"pedido": place, "euros": euros} for place, euros in rows])


EXERCISES = (
    Exercise(
        "vigilar",
        "vigilar",
        "completa",
        "un diario de filas malas",
        _stops,
        diary,
        noted,
        (
            Mistake(
                "cuenta solo las que no son un número: un número negativo tampoco vale",
                (("viajeros IS NULL OR viajeros < 0", "viajeros IS NULL"),),
                partial(noted, bad=_only_null),
            ),
            Mistake(
                "cuenta solo las negativas: lo que no es un número queda NULL, y también es malo",
                (("viajeros IS NULL OR viajeros < 0", "viajeros < 0"),),
                partial(noted, bad=_only_negative),
            ),
            Mistake(
                "cuenta las buenas en vez de las malas",
                (("viajeros IS NULL OR viajeros < 0", "viajeros >= 0"),),
                partial(noted, bad=_good),
            ),
            Mistake(
                "apunta un número que no es del micro-batch: `batchId` está en el progreso",
                (("progreso.batchId", "progreso.numInputRows"),),
                partial(noted, numbered=False),
            ),
        ),
    ),
    Exercise(
        "vigilar-guardia",
        "vigilar",
        "cambia",
        "lo malo no se escribe",
        _orders,
        guarded,
        written,
        (
            Mistake(
                "hace todavía lo de antes: escribe todo, y acaba como si nada",
                (("malas > filas / 2", "False"),),
                partial(written, refuses=lambda rows, bad: False),
            ),
            Mistake(
                "escribe el micro-batch malo antes de negarse: primero se mira, y después se "
                "escribe",
                (
                    (
                        "    if malas > filas / 2",
                        "    tabla.write.mode('append').json(SALIDA)\n    if malas > filas / 2",
                    ),
                    ('\n    tabla.write.mode("append").json(SALIDA)', ""),
                ),
                partial(written, keeps_last=True),
            ),
            Mistake(
                "quita las filas malas y sigue: si son más de la mitad, de ese micro-batch no se "
                "escribe nada y el programa acaba",
                (
                    (
                        "    if malas > filas / 2",
                        "    tabla = tabla.where('euros >= 0')\n    if False",
                    ),
                ),
                _filtered,
            ),
            Mistake(
                "se niega también cuando son justo la mitad: tienen que ser más",
                (("malas > filas / 2", "malas >= filas / 2"),),
                partial(written, refuses=lambda rows, bad: 2 * bad >= rows),
            ),
            Mistake(
                "acaba con otro código de salida: quien arranca el programa espera un 3",
                (("sys.exit(3)", "sys.exit(1)"),),
                partial(written, ends=1),
            ),
        ),
    ),
    Exercise(
        "vigilar-viajeros",
        "vigilar",
        "escribe",
        "cuánto trae cada uno",
        _stops,
        diary,
        counted,
        (
            Mistake(
                "suma también los números negativos: un dato malo no se suma",
                (("sum(IF(viajeros >= 0, viajeros, 0))", "sum(viajeros)"),),
                partial(counted, counts=lambda passengers: True),
            ),
            Mistake(
                "apunta el más bajo, y no el más alto",
                (("max(viajeros)", "min(viajeros)"),),
                partial(counted, highest=min),
            ),
            Mistake(
                "lleva la cuenta desde el principio: cada línea es de un solo micro-batch",
                (
                    (
                        "self.terminada = threading.Event()",
                        "self.terminada = threading.Event()\n        self.total = 0",
                    ),
                    (
                        "        linea = {\n",
                        "        self.total += cuentas.suma\n        linea = {\n",
                    ),
                    ('"viajeros": cuentas.suma', '"viajeros": self.total'),
                ),
                partial(counted, running=True),
            ),
        ),
    ),
)

"""An exercise on contracts: what does not keep to one is kept apart, with its reason."""

import json
import random
from functools import partial

from streamdocs.exercises.drive_sorted import BAD, GOOD, objects, sorted_out
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_GOODS = ("pan", "sal", "vino", "miel", "jamón", "piña")
_BLANK, _BROKEN, _NO_ID = "está en blanco", "no es lo acordado", "le falta el id"
_FIELDS = ("id", "producto", "unidades")


def _orders(chance: random.Random) -> Data:
    """Three files with good orders; of each kind of bad ones there are two, wherever."""
    numbers = iter(chance.sample(range(10, 999), 40))

    def order(**other: object) -> dict[str, object]:
        usual = {"id": next(numbers), "producto": chance.choice(_GOODS)}
        return {**usual, "unidades": chance.randint(1, 9), **other}

    def text(said: dict[str, object]) -> str:
        return json.dumps(said, ensure_ascii=False)

    def without_id() -> str:
        return text({name: value for name, value in order().items() if name != "id"})

    lines = [text(order()) for _ in range(chance.randint(3, 5))]
    lines += ["", "", without_id(), without_id()]
    lines += [text(order(id=chance.choice(("tres", "siete")))), text(order(unidades="dos"))]
    lines += [text(order())[: chance.randint(12, 18)], f"{chance.choice(_GOODS)} {next(numbers)}"]
    chance.shuffle(lines)
    # No file is without a good one.
    files = [[text(order()), *lines[first::3]] for first in range(3)]
    return ["".join(f"{line}\n" for line in chance.sample(file, len(file))) for file in files]


def _reason(line: str) -> str:
    if not line:
        return _BLANK
    try:
        said = json.loads(line)
    except ValueError:
        return _BROKEN
    if not isinstance(said.get("id", 0), int) or not isinstance(said["unidades"], int):
        return _BROKEN
    return "" if "id" in said else _NO_ID


def _read(line: str) -> dict[str, object]:
    """What Spark makes of a line: of one that is broken, what it has understood."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    kinds = {"id": int, "producto": str, "unidades": int}
    return {name: said[name] for name in _FIELDS if isinstance(said.get(name), kinds[name])}


def sorted_by(
    texts: Data,
    reasons: dict[str, str] | None = None,
    good: tuple[str, ...] = ("",),
    raw: bool = True,
) -> list[Table]:
    """What is in the two folders.

    With what is said in place of some ``reasons``, and taking for ``good`` what has those; what is
    bad stands as it came, or not if not ``raw``.
    """
    lines = [line for text in texts for line in text.splitlines()]
    kept = [_read(line) for line in lines if _reason(line) in good]
    told = reasons or {}
    apart: list[dict[str, object]] = [
        {"motivo": told.get(_reason(line), _reason(line)), "texto": line}
        for line in lines
        if _reason(line) not in good
    ]
    if not raw:
        apart = [{"motivo": each["motivo"]} for each in apart]
    return [objects(GOOD, kept), objects(BAD, apart)]


EXERCISES = (
    Exercise(
        "contratos",
        "contratos",
        "cambia",
        "lo que no cumple, aparte y con su motivo",
        _orders,
        sorted_out,
        sorted_by,
        (
            Mistake(
                "hace todavía lo de antes: guarda todo en `buenos`, también lo que no se entiende",
                (
                    ("WHEN value = ''", "WHEN false AND value = ''"),
                    ("WHEN pedido.malo", "WHEN false AND pedido.malo"),
                    ("WHEN pedido.id", "WHEN false AND pedido.id"),
                ),
                partial(sorted_by, good=("", _BLANK, _BROKEN, _NO_ID)),
            ),
            Mistake(
                "da por bueno un pedido sin `id`: para `malo` un campo que falta está bien",
                (("    WHEN pedido.id IS NULL THEN 'le falta el id'\n", ""),),
                partial(sorted_by, good=("", _NO_ID)),
            ),
            Mistake(
                "dice que a lo que está en blanco le falta el `id`: le falta todo, y se mira antes",
                (("    WHEN value = '' THEN 'está en blanco'\n", ""),),
                partial(sorted_by, reasons={_BLANK: _NO_ID}),
            ),
            Mistake(
                "guarda lo que se entendió de un mensaje malo, y no el mensaje tal como vino",
                (('selectExpr("motivo", "value AS texto")', 'select("motivo")'),),
                partial(sorted_by, raw=False),
            ),
        ),
    ),
)

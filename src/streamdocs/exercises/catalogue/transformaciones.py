"""Exercises on transformations: a row that becomes several, or none."""

import random
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table


def _measures(chance: random.Random) -> Data:
    rooms = chance.sample(("cocina", "salón", "baño", "patio"), 4)
    numbers = [
        (f"{chance.randint(1, 9)}", "error"),
        (f"0{chance.randint(1, 9)}", f"{chance.randint(1, 9)}x"),
        (f"-{chance.randint(1, 20)}", f"{chance.randint(10, 40)},5"),
        (f"{chance.randint(100, 120)}", "-", "?"),
    ]
    lines = []
    for room, (number, *rubbish) in zip(rooms, numbers, strict=True):
        values = [number, *rubbish, str(chance.randint(10, 40))]
        chance.shuffle(values)
        lines.append(f"{room}: {' '.join(values)}")
    # A line that was cut off.
    return [*lines[:1], chance.choice(rooms), *lines[1:]]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").isdecimal()


def _number(text: str) -> str:
    return str(int(text))


def one_row_each(
    lines: Data,
    kept: Callable[[str], bool] = _is_number,
    shown: Callable[[str], str] = _number,
) -> list[Table]:
    """A row for each measure that is ``kept``, as it is ``shown``."""
    tables = []
    for room, _, values in (line.partition(": ") for line in lines):
        rows = tuple((room, shown(value)) for value in values.split() if kept(value))
        tables.append(Table(("sala", "grados"), rows))
    return tables


def _has_two_letters(text: str) -> bool:
    return len(text) == 2


_GOODS = {
    "á": ("bálsamo", "cápsulas"),
    "é": ("antiséptico", "bebé"),
    "í": ("alergía", "raíz de tila"),
    "ó": ("algodón", "jabón de avena"),
    "ú": ("champú", "púas"),
    "ü": ("ungüento", "agüita"),
    "ñ": ("pañales", "paño"),
}


def _orders(chance: random.Random) -> Data:
    # Each letter in small and in capital letters, blanks on both sides, and pieces with nothing.
    goods = [chance.choice(some) for some in _GOODS.values()]
    goods = [*goods, *map(str.upper, goods), "gasas"]
    chance.shuffle(goods)
    typed_ = [chance.choice(("{}", " {}", "{} ", "  {}")).format(each) for each in goods]
    lines = [typed_[i : i + 3] for i in range(0, len(typed_), 3)]
    lines[0] = ["", f" {lines[0][0]}  ", *lines[0][1:]]
    lines[1] = [lines[1][0], chance.choice(("", " ")), *lines[1][1:]]
    lines[2] = [*lines[2], " "]
    return [",".join(line) for line in lines]


def _plain(text: str) -> str:
    return text.strip().lower().translate(_UNACCENTED)


_UNACCENTED = str.maketrans("áéíóúü", "aeiouu")


def same_way(
    lines: Data, written: Callable[[str], str] = _plain, empty: bool = False
) -> list[Table]:
    """The goods of each line, as they are ``written``, and their letters."""
    tables = []
    for line in lines:
        goods = [written(piece) for piece in line.split(",")]
        rows = tuple((each.strip(), str(len(each))) for each in goods if each.strip() or empty)
        tables.append(Table(("producto", "letras"), rows))
    return tables


def as_typed(lines: Data) -> list[Table]:
    """The goods of each line, just so."""
    return [
        Table(("producto",), tuple((piece.strip(),) for piece in line.split(","))) for line in lines
    ]


def _without_tilde(text: str) -> str:
    return _plain(text).replace("ñ", "n")


def _untrimmed(text: str) -> str:
    return text.lower().translate(_UNACCENTED)


def _small_last(text: str) -> str:
    return text.strip().translate(_UNACCENTED).lower()


_PEOPLE = ("Ana", "Luis", "Marta", "Pau", "Rosa")


def _sent(chance: random.Random) -> Data:
    def euros(least: int = 2) -> str:
        return f"{chance.randint(least, 40)},{chance.choice(('25', '50', '75'))}"

    # What is wrong comes between what is right; half a euro is more than 0.
    one, two, three = chance.sample(_PEOPLE, 3)
    begin = [f"{one};{euros()}", f"{two};{chance.randint(2, 40)}"]
    middle = [
        *(f"{one};0", f"{two};-{euros()}", f"{one};{chance.choice(('doce', 'x', '1o'))}", two),
        *(f"{three};", f";{euros()}", f"  ;{euros()}"),
        *(
            f"{two};0,50",
            f"{three};{euros()}",
            f" {one} ;{euros()}",
            f"{two} ;{chance.randint(2, 40)}",
        ),
    ]
    chance.shuffle(middle)
    return [*begin, *middle, f"{one};{euros()}"]


Amount = Callable[[str], float]


def _amount(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return -1


def _without_comma(text: str) -> float:
    return -1 if "," in text else _amount(text)


def _whole(text: str) -> float:
    return int(_amount(text))


def _account(name: str, amounts: list[float]) -> tuple[str, ...]:
    return name.strip(), str(len(amounts)), str(sum(amounts))


def accounts(
    lines: Data,
    amount: Amount = _amount,
    least: float = 0.01,
    name: Callable[[str], str] = str.strip,
    all_: bool = False,
) -> list[Table]:
    """The sums of the person that each line names, or of all so far.

    An ``amount`` of ``least`` or more is right, and a name that is not blank; ``name`` reads it.
    """
    known: defaultdict[str, list[float]] = defaultdict(list)
    tables = []
    for line in lines:
        who, _, text = line.partition(";")
        right = who.strip() != "" and amount(text) >= least
        if right:
            known[name(who)].append(amount(text))
        shown = list(known) if all_ else [name(who)] * right
        rows = tuple(_account(each, known[each]) for each in shown)
        tables.append(Table(("persona", "envios", "euros"), rows))
    return tables


EXERCISES = (
    Exercise(
        "transformaciones",
        "transformaciones",
        "completa",
        "una fila por medida",
        _measures,
        typed,
        one_row_each,
        (
            Mistake(
                "mira cuántas letras tiene el texto: lo que decide es si es un número",
                (
                    ('textos.texto.try_cast("int").alias', "textos.texto.alias"),
                    ("grados IS NOT NULL", "length(grados) = 2"),
                ),
                partial(one_row_each, kept=_has_two_letters, shown=str),
            ),
            Mistake(
                "deja los grados como texto, con sus ceros delante: conviértelos en números",
                (
                    (
                        'textos.texto.try_cast("int").alias("grados")\n)',
                        'textos.texto.alias("grados")\n)',
                    ),
                    ("grados IS NOT NULL", "try_cast(grados AS INT) IS NOT NULL"),
                ),
                partial(one_row_each, shown=str),
            ),
            Mistake(
                "pierde los números negativos, que también son medidas",
                (("grados IS NOT NULL", "grados >= 0"),),
                partial(one_row_each, kept=str.isdecimal),
            ),
        ),
    ),
    Exercise(
        "transformaciones-acentos",
        "transformaciones",
        "cambia",
        "los productos, todos escritos igual",
        _orders,
        typed,
        same_way,
        (
            Mistake(
                "hace todavía lo de antes: cada producto, tal como se teclea",
                (("productos.writeStream", "tecleados.writeStream"),),
                as_typed,
            ),
            Mistake(
                "deja filas sin producto: entre dos comas seguidas no hay ninguno",
                (("    .where(\"producto != ''\")\n", ""),),
                partial(same_way, empty=True),
            ),
            Mistake(
                "cambia la ñ por una n: no es una tilde, y se queda",
                (('"áéíóúü", "aeiouu"', '"áéíóúüñ", "aeiouun"'),),
                partial(same_way, written=_without_tilde),
            ),
            Mistake(
                "deja los espacios de alrededor, y los cuenta como letras: quítalos con `trim`",
                (('trim("producto")', '"producto"'), ("producto != ''", "trim(producto) != ''")),
                partial(same_way, written=_untrimmed),
            ),
            Mistake(
                "no quita las tildes de las mayúsculas: pasa antes a minúsculas",
                (
                    (
                        'translate(lower(trim("producto")), "áéíóúü", "aeiouu")',
                        'lower(translate(trim("producto"), "áéíóúü", "aeiouu"))',
                    ),
                ),
                partial(same_way, written=_small_last),
            ),
        ),
    ),
    Exercise(
        "transformaciones-bizum",
        "transformaciones",
        "escribe",
        "lo que envía cada persona",
        _sent,
        typed,
        accounts,
        (
            Mistake(
                "enseña cada vez a todas las personas: pide solo la que ha cambiado, y eso es otro "
                "modo de salida",
                (('"update"', '"complete"'),),
                partial(accounts, all_=True),
            ),
            Mistake(
                "pierde los importes con coma: para Spark, los decimales van detrás de un punto",
                (('translate(get(trozos, 1), ",", ".")', "get(trozos, 1)"),),
                partial(accounts, amount=_without_comma),
            ),
            Mistake(
                "pierde los céntimos: un entero no los tiene",
                (('try_cast("double")', 'try_cast("double").cast("int")'),),
                partial(accounts, amount=_whole, least=1),
            ),
            Mistake(
                "cuenta también envíos de 0 euros, que están mal",
                (("euros > 0", "euros >= 0"),),
                partial(accounts, least=0),
            ),
            Mistake(
                "toma por otra persona a quien tiene un espacio al lado: quítalo con `trim`",
                (("trim(trozos[0])", "trozos[0]"), ("persona != ''", "trim(persona) != ''")),
                partial(accounts, name=str),
            ),
        ),
    ),
)

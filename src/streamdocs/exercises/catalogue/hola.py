"""Exercises on the first program: words that come through a socket."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import typed
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_WORDS = ("mar", "sol", "sal", "viento", "arena", "caña", "café")


def _sentences(chance: random.Random) -> Data:
    first, *others = chance.sample(_WORDS, 5)
    two = f"{first}  {others[0].upper()} y {first.capitalize()}"
    return [two, f" a {others[1]} {others[0]} {first.upper()}", f"{others[2]} Y {others[3]} "]


def _counts(lines: Data, lower: bool = True, shortest: int = 1, whole: bool = True) -> list[Table]:
    """The counts of words of at least ``shortest`` letters: all of them, or the changed ones."""
    counts: Counter[str] = Counter()
    tables = []
    for line in lines:
        words = (line.lower() if lower else line).split(" ")
        found = [word for word in words if len(word) >= shortest]
        counts.update(found)
        rows = tuple((word, str(count)) for word, count in counts.items() if whole or word in found)
        tables.append(Table(("palabra", "count"), rows))
    return tables


_BY_LETTERS = (("el", "yo", "os"), ("mar", "año", "luz"), ("café", "caña", "arco"), ("playa",))
"""Of two, three, four and five letters; of some, an accent makes more bytes than letters."""


def _lengths(chance: random.Random) -> Data:
    two, three, four, five = (chance.sample(words, len(words)) for words in _BY_LETTERS)
    # A letter, two, and none between two spaces do not count; the last line has no long ones.
    lines = [[two[0], three[0], four[0], "", "caña"], [three[1], "y", "año", four[1], *five]]
    for line in lines:
        chance.shuffle(line)
    return [*(" ".join(["al", *line]) for line in lines), f"{five[0]} {two[1]}"]


def by_length(
    lines: Data,
    least: int = 3,
    size: Callable[[str], int] = len,
    whole: bool = True,
    letters: bool = False,
) -> list[Table]:
    """How many words of ``least`` letters or more there are of each size, or how many letters."""
    counts: Counter[int] = Counter()
    tables = []
    for line in lines:
        found = [size(word) for word in line.split(" ") if size(word) >= least]
        for some in found:
            counts[some] += some if letters else 1
        rows = tuple((str(n), str(counts[n])) for n in counts if whole or n in found)
        tables.append(Table(("letras", "palabras"), rows))
    return tables


def _bytes(word: str) -> int:
    return len(word.encode())


def _messages(chance: random.Random) -> Data:
    one, other, third = chance.sample(("playa", "feria", "cañas", "rebajas"), 3)
    first = [f"#{one}", f"#{other}", f"#{one.upper()}", "hoy", "fa#"]
    second = [f"#{other.capitalize()}", "#", f"#{chance.randint(1, 9)}", one]
    chance.shuffle(first)
    chance.shuffle(second)
    # The last one has no tag, and the table is written all the same.
    return [" ".join(first), " ".join(second), f"{third} fa#", f"sin {other} ni #"]


def _begins(word: str) -> bool:
    return word.startswith("#") and len(word) > 1


def _alone_too(word: str) -> bool:
    return word.startswith("#")


def _has(word: str) -> bool:
    return "#" in word and len(word) > 1


def _any(word: str) -> bool:
    return True


def _tag(word: str) -> str:
    return word[1:].lower()


def _as_it_is(word: str) -> str:
    return word[1:]


def tags(
    lines: Data,
    kept: Callable[[str], bool] = _begins,
    shown: Callable[[str], str] = _tag,
    whole: bool = True,
) -> list[Table]:
    """The counts of the words that are ``kept``, as they are ``shown``: all, or the changed."""
    counts: Counter[str] = Counter()
    tables = []
    for line in lines:
        found = [shown(word) for word in line.split(" ") if kept(word)]
        counts.update(found)
        rows = tuple((tag, str(n)) for tag, n in counts.items() if whole or tag in found)
        tables.append(Table(("etiqueta", "veces"), rows))
    return tables


EXERCISES = (
    Exercise(
        "hola",
        "hola",
        "completa",
        "contar palabras",
        _sentences,
        typed,
        _counts,
        (
            Mistake(
                "distingue mayúsculas: `Mar` y `mar` son la misma palabra",
                (('lower("value")', '"value"'),),
                partial(_counts, lower=False),
            ),
            Mistake(
                "cuenta la palabra vacía, la que hay entre dos espacios seguidos",
                ((").where(\"palabra != ''\")", ")"),),
                partial(_counts, shortest=0),
            ),
            Mistake(
                "quita también las palabras de una letra: solo sobra la vacía",
                (("palabra != ''", "length(palabra) > 1"),),
                partial(_counts, shortest=2),
            ),
            Mistake(
                "escribe solo las palabras que ha tocado, como `update`: pide la tabla entera",
                (('"complete"', '"update"'),),
                partial(_counts, whole=False),
            ),
        ),
    ),
    Exercise(
        "hola-longitudes",
        "hola",
        "cambia",
        "contar por longitud",
        _lengths,
        typed,
        by_length,
        (
            Mistake(
                "hace todavía lo de antes: ahora hay que contar por longitud, no por palabra",
                (
                    (
                        """(
    palabras.where("length(palabra) >= 3")
    .groupBy(length("palabra").alias("letras"))
    .agg(count("*").alias("palabras"))
)""",
                        'palabras.groupBy("palabra").count()',
                    ),
                ),
                partial(_counts, lower=False, shortest=0),
            ),
            Mistake(
                "cuenta también las palabras cortas y la vacía: mira qué filas quita `where`",
                (('.where("length(palabra) >= 3")', ""),),
                partial(by_length, least=0),
            ),
            Mistake(
                "quita también las de tres letras, que sí cuentan: solo sobran las de una o dos",
                ((">= 3", "> 3"),),
                partial(by_length, least=4),
            ),
            Mistake(
                "suma las letras: hay que contar las palabras, con `count`",
                (('count("*")', 'expr("sum(length(palabra))")'), ("count,", "expr,")),
                partial(by_length, letters=True),
            ),
            Mistake(
                "mide bytes: la ñ y las vocales con tilde son una letra y dos bytes; usa `length`",
                (("length(", "octet_length("), ("length,", "octet_length,")),
                partial(by_length, size=_bytes),
            ),
            Mistake(
                "escribe solo las longitudes que ha tocado, como `update`: pide la tabla entera",
                (('"complete"', '"update"'),),
                partial(by_length, whole=False),
            ),
        ),
    ),
    Exercise(
        "hola-etiquetas",
        "hola",
        "escribe",
        "contar etiquetas",
        _messages,
        typed,
        tags,
        (
            Mistake(
                "cuenta todas las palabras: una etiqueta empieza por `#`",
                (
                    (".where(\"palabra LIKE '#_%'\")", ""),
                    ("substring(palabra, 2)", "ltrim('#', palabra)"),
                ),
                partial(tags, kept=_any, shown=lambda word: word.lstrip("#").lower()),
            ),
            Mistake(
                "distingue mayúsculas: `#Playa` y `#playa` son la misma etiqueta",
                (("lower(substring(palabra, 2))", "substring(palabra, 2)"),),
                partial(tags, shown=_as_it_is),
            ),
            Mistake(
                "deja la almohadilla: quita la primera letra, con `substring`",
                (("substring(palabra, 2)", "palabra"),),
                partial(tags, shown=str.lower),
            ),
            Mistake(
                "cuenta una almohadilla sola: la etiqueta es lo que va detrás, y ahí no hay nada",
                (("#_%", "#%"),),
                partial(tags, kept=_alone_too),
            ),
            Mistake(
                "cuenta palabras con la almohadilla en otro sitio, como `fa#`: mira el principio",
                (
                    ("#_%", "%#%' AND palabra <> '#"),
                    ("substring(palabra, 2)", "replace(palabra, '#')"),
                ),
                partial(tags, kept=_has, shown=lambda word: word.replace("#", "").lower()),
            ),
            Mistake(
                "escribe solo las etiquetas que ha tocado, como `update`: pide la tabla entera",
                (('"complete"', '"update"'),),
                partial(tags, whole=False),
            ),
        ),
    ),
)

"""Exercises on a producer: bytes through a socket."""

import random
from collections.abc import Callable
from functools import partial

from streamdocs.exercises.drive import heard, sent
from streamdocs.exercises.drive_several import clients, served
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_WORDS = ("mar", "sol", "sal", "viento", "arena", "caña", "café")


def _messages(chance: random.Random) -> Data:
    lines = [f"{' '.join(chance.sample(_WORDS, 2))} {chance.randint(1, 99)}" for _ in range(3)]
    # A letter of two bytes, for whoever sends another encoding.
    lines.insert(chance.randint(0, 3), f"año {chance.randint(1, 99)}")
    return lines


def one_connection(
    lines: Data, encoding: str = "utf-8", end: str = "\n", last: str = "\n"
) -> list[Table]:
    """All lines through one connection: in an encoding, with an end between them and at last."""
    return [sent([(end.join(lines) + last).encode(encoding)])]


def _a_connection_each(lines: Data) -> list[Table]:
    return [sent([f"{line}\n".encode() for line in lines])]


def _with_a_gap(chance: random.Random) -> Data:
    lines = [*_messages(chance)]
    # Where numbering it shows in the lines that follow.
    lines.insert(chance.randint(1, 3), "")
    return lines


def _bytes(line: str) -> int:
    return len(line.encode())


def _all(line: str) -> bool:
    return True


def numbered(
    lines: Data,
    first: int = 1,
    size: Callable[[str], int] = _bytes,
    counted: Callable[[str], bool] = bool,
    shown: Callable[[str], bool] = bool,
) -> list[Table]:
    """The lines that are ``shown``, with their place among the ``counted``, and a ``size``."""
    places = enumerate(filter(counted, lines), first)
    rows = [f"{number};{size(line)};{line}" for number, line in places if shown(line)]
    return one_connection(rows)


def to_each(
    lines: Data,
    first: int = 1,
    step: int = 1,
    served_once: bool = False,
    encoding: str = "utf-8",
) -> list[Table]:
    """All lines to each of the clients, who are greeted by numbers from the ``first`` on."""
    numbers = [first + step * place for place in range(clients(lines))]
    greeted = [
        [f"cliente {number}", *(() if served_once and place else lines)]
        for place, number in enumerate(numbers)
    ]
    return [sent(["".join(f"{line}\n" for line in each).encode(encoding) for each in greeted])]


EXERCISES = (
    Exercise(
        "productor",
        "productor",
        "completa",
        "enviar un fichero",
        _messages,
        heard,
        one_connection,
        (
            Mistake(
                "envía en Latin-1, donde la ñ es un solo byte: mira qué dice `encode()`",
                ((".encode()", '.encode("latin-1")'),),
                partial(one_connection, encoding="latin-1"),
            ),
            Mistake(
                "no acaba la última línea: cada línea lleva su salto, la última también",
                (
                    ('f"{linea}\\n".encode()', "linea.encode()"),
                    (
                        "        for linea in lineas:\n"
                        "            conexion.sendall(mensaje(linea))",
                        '        conexion.sendall(mensaje("\\n".join(lineas)))',
                    ),
                ),
                partial(one_connection, last=""),
            ),
            Mistake(
                "acaba las líneas como Windows, con dos bytes: el salto es solo `\\n`",
                (('f"{linea}\\n"', 'f"{linea}\\r\\n"'),),
                partial(one_connection, end="\r\n", last="\r\n"),
            ),
            Mistake(
                "abre una conexión por línea: ábrela una vez, fuera del bucle",
                (
                    (
                        "    with socket.create_connection((HOST, PUERTO)) as conexion:\n"
                        "        for linea in lineas:\n",
                        "    for linea in lineas:\n"
                        "        with socket.create_connection((HOST, PUERTO)) as conexion:\n",
                    ),
                ),
                _a_connection_each,
            ),
        ),
    ),
    Exercise(
        "productor-numerar",
        "productor",
        "cambia",
        "numerar lo que se envía",
        _with_a_gap,
        heard,
        numbered,
        (
            Mistake(
                "hace todavía lo de antes: cada línea lleva delante su número y sus bytes",
                (
                    ('f"{numero};{ocupa};{linea}\\n"', 'f"{linea}\\n"'),
                    ("[linea for linea in lineas if linea]", "lineas"),
                ),
                one_connection,
            ),
            Mistake(
                "cuenta letras: una ñ es una letra y dos bytes, así que mide lo que da `encode()`",
                (("len(linea.encode())", "len(linea)"),),
                partial(numbered, size=len),
            ),
            Mistake(
                "cuenta también el salto de línea: mide la línea sin él",
                (("len(linea.encode())", 'len(f"{linea}\\n".encode())'),),
                partial(numbered, size=lambda line: _bytes(line) + 1),
            ),
            Mistake(
                "empieza por el 0: `enumerate` deja decir por cuál empieza",
                (("enumerate(lineas, 1)", "enumerate(lineas)"),),
                partial(numbered, first=0),
            ),
            Mistake(
                "envía también las líneas vacías: quítalas antes de numerar",
                (("[linea for linea in lineas if linea]", "lineas"),),
                partial(numbered, counted=_all, shown=_all),
            ),
            Mistake(
                "se salta números: la línea vacía no se envía, y tampoco se numera",
                (
                    ("[linea for linea in lineas if linea]", "lineas"),
                    (
                        "            conexion.sendall(",
                        "            if linea:\n                conexion.sendall(",
                    ),
                ),
                partial(numbered, counted=_all),
            ),
        ),
    ),
    Exercise(
        "productor-servidor",
        "productor",
        "escribe",
        "servir a quien llame",
        _messages,
        served,
        to_each,
        (
            Mistake(
                "atiende a un cliente y acaba: vuelve a llamar a `accept()`, en un bucle",
                (("for cliente in count(1)", "for cliente in (1,)"),),
                None,
                "al cliente 2",
            ),
            Mistake(
                "no cuelga: sin cerrar su conexión, el cliente no sabe que ya está todo",
                (("            with conexion:\n", "            if conexion:\n"),),
                None,
                "no cierra su conexión",
            ),
            Mistake(
                "saluda a todos con el mismo número: cuenta los clientes fuera de la conexión",
                (('f"cliente {cliente}"', '"cliente 1"'),),
                partial(to_each, step=0),
            ),
            Mistake(
                "empieza a contar por el cliente 0: el primero es el 1",
                (("count(1)", "count()"),),
                partial(to_each, first=0),
            ),
            Mistake(
                "gasta las líneas con el primer cliente: un fichero abierto se lee una sola vez, "
                "y una lista, las que quieras",
                (
                    (
                        'Path(FICHERO).read_text("utf-8").splitlines()',
                        'map(str.rstrip, open(FICHERO, encoding="utf-8"))',
                    ),
                ),
                partial(to_each, served_once=True),
            ),
            Mistake(
                "envía en Latin-1, donde la ñ es un solo byte: mira qué dice `encode()`",
                ((".encode()", '.encode("latin-1")'),),
                partial(to_each, encoding="latin-1"),
            ),
        ),
    ),
)

"""Exercises on a producer: bytes through a socket."""

import random
from functools import partial

from streamdocs.exercises.drive import heard, sent
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
)

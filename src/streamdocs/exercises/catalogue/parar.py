"""Exercises on how a program ends: a query of it dies, or it is asked to."""

import random
from functools import partial

from streamdocs.exercises.drive import said
from streamdocs.exercises.drive_stopped import asked_to_end, dead, dying, received
from streamdocs.exercises.drive_watched import ended
from streamdocs.exercises.exercise import Data, Exercise, Mistake
from streamdocs.recording.tables import Table

_FOLDERS = ("ventas", "compras")
_RUBBISH = ("dos", "2,5", "3 o 4", "x")
_CUT = 143
"""What a shell shows of a program that SIGTERM has cut: 128 and the signal's number."""


def _lines(chance: random.Random) -> Data:
    """A good line for each folder, and a bad one for each, in either order."""

    def line(folder: str, euros: str) -> str:
        hour = f"{chance.randint(8, 20):02}:{chance.randint(0, 59):02}"
        return f"{folder} {hour};{euros}"

    good = [line(folder, str(chance.randint(1, 99))) for folder in _FOLDERS]
    bad = [line(folder, chance.choice(_RUBBISH)) for folder in chance.sample(_FOLDERS, 2)]
    return [*good, *bad]


def told(texts: Data, *, others: bool = False, right: bool = True, code: int = 1) -> list[Table]:
    """Who is said to have died in each run: the ``right`` one, ``others`` or both; the code."""
    answer = []
    for text in texts[2:]:
        dies = text.partition(" ")[0]
        named = [each for each in _FOLDERS if (right if each == dies else others)]
        answer += [said(list(map(dead, named))), ended(code)]
    return answer


def _orders(chance: random.Random) -> Data:
    """Four files of one line or two; no line is twice."""
    numbers = iter(chance.sample(range(100, 999), 8))
    goods = ("café", "jamón", "piña", "maíz")

    def line() -> str:
        return f"{chance.choice(goods)} {next(numbers)}\n"

    return ["".join(line() for _ in range(chance.randint(1, 2))) for _ in range(4)]


def sent(
    texts: Data, *, again: bool = False, rest: bool = False, codes: tuple[int, int] = (0, 0)
) -> list[Table]:
    """What the store receives in three runs; the first two end with ``codes``.

    Each run but the first may send ``again`` what was being sent when the last one was asked to
    end; or the first may send the ``rest``, too, before it ends.
    """
    one, two, three, four = texts
    runs = [[one], [two, three], [four]]
    if again:
        runs = [[one], [one, two, three], [three, four]]
    if rest:
        runs = [[one, two, three], [], [four]]
    first, second, third = (received(number, run) for number, run in enumerate(runs, 1))
    return [first, ended(codes[0]), second, ended(codes[1]), third]


EXERCISES = (
    Exercise(
        "parar",
        "parar",
        "completa",
        "dos consultas, y una muere",
        _lines,
        dying,
        told,
        (
            Mistake(
                "espera solo a la primera: si muere la otra, no se entera; "
                "`spark.streams.awaitAnyTermination()` espera a cualquiera",
                (("spark.streams.awaitAnyTermination()", "consultas[0].awaitTermination()"),),
                None,
                "acabe cuando la línea",
            ),
            Mistake(
                "acaba con un 0: quien lo arranca cree que todo ha ido bien",
                (("sys.exit(1)", "sys.exit(0)"),),
                partial(told, code=0),
            ),
            Mistake(
                "nombra a la que sigue viva: la que ha muerto tiene una `exception()`",
                (("consulta.exception() is not None", "consulta.exception() is None"),),
                partial(told, others=True, right=False),
            ),
            Mistake(
                "nombra a las dos: una sola ha muerto, la que tiene una `exception()`",
                (("    if consulta.exception() is not None\n", ""),),
                partial(told, others=True),
            ),
        ),
        own_jvm=True,
    ),
    Exercise(
        "parar-orden",
        "parar",
        "cambia",
        "una parada que no repite nada",
        _orders,
        asked_to_end,
        sent,
        (
            Mistake(
                "hace todavía lo de antes: la señal lo corta a medias, y al arrancar repite",
                (("signal.signal(signal.SIGTERM, lambda *_: parar.set())", ""),),
                partial(sent, again=True, codes=(_CUT, _CUT)),
            ),
            Mistake(
                "acaba con un 0 y repite lo que tenía entre manos: `stop()` **corta** el "
                "micro-batch en marcha; que acabe, y que se niegue a empezar el siguiente",
                (
                    (
                        "    # El que está en marcha acaba, y el siguiente se niega a empezar.\n"
                        "    if not consulta.awaitTermination(PLAZO):\n"
                        "        # No hay siguiente: tampoco hay nada a medias.\n"
                        "        consulta.stop()\n",
                        "    consulta.stop()\n",
                    ),
                ),
                partial(sent, again=True),
            ),
            Mistake(
                "acaba con un 1 cuando se lo piden: la excepción con que se niega no es un fallo",
                (
                    (
                        '    if "ParadaPedida" not in str(error):\n        raise\n',
                        "    sys.exit(1)\n",
                    ),
                ),
                partial(sent, codes=(1, 0)),
            ),
            Mistake(
                "no acaba si no llega nada: entonces no hay ningún micro-batch que se niegue, y "
                "pasado un plazo hay que llamar a `stop()`",
                (
                    (
                        "    if not consulta.awaitTermination(PLAZO):\n",
                        "    if not consulta.awaitTermination():\n",
                    ),
                ),
                None,
                "después de recibir SIGTERM",
            ),
        ),
        own_jvm=True,
    ),
)

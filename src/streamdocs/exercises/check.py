"""Exercises that check themselves: run the reader's file on data of our own, compare tables."""

import ast
import random
from dataclasses import dataclass
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises import files
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.compare import differences
from streamdocs.exercises.exercise import Data, Exercise
from streamdocs.kafka.jars import KafkaError
from streamdocs.recording.tables import Table
from streamdocs.running.build import Build
from streamdocs.system.ports import PortInUseError


@dataclass(frozen=True)
class Verdict:
    """What came of a try.

    Attributes:
        data: what the program was given.
        problems: what is wrong; nothing, if it is right.
        mistake: what the program seems to do instead, if its tables are those of a known mistake.
    """

    data: Data
    problems: tuple[str, ...]
    mistake: str = ""


def check(
    build: Build, exercise: Exercise, file: Path, seed: int, *, shared: bool = False
) -> Verdict:
    """Run ``file`` as an answer to ``exercise``, on the data that ``seed`` makes.

    In a JVM of its own, or in the ``shared`` one of the build: see Attempt.
    """
    gaps = unfinished(file)
    if gaps:
        return Verdict((), tuple(f"{file.name}:{line}: falta tu código." for line in gaps))
    data = exercise.data(random.Random(seed))
    attempt = Attempt(build, file, shared=shared and not exercise.own_jvm)
    try:
        got = exercise.drive(attempt, data)
    except (KafkaError, PortInUseError):
        raise  # it says nothing of the program
    except StreamdocsError as error:
        return Verdict(data, (str(error),), _known_failure(exercise, str(error)))
    finally:
        attempt.stop()
    problems = tuple(differences(exercise.answer(data), got))
    return Verdict(data, problems, _known(exercise, data, got) if problems else "")


def _known(exercise: Exercise, data: Data, got: list[Table]) -> str:
    """What the mistake that writes just these tables says; "" if none does."""
    for each in exercise.mistakes:
        if each.answer is not None and not any(differences(each.answer(data), got)):
            return each.says
    return ""


def _known_failure(exercise: Exercise, error: str) -> str:
    """What the mistake says whose program fails with just this ``error``; "" if none does.

    Where Python or Spark say why, below the first line, that is it, and not what came of it.
    """
    _, _, why = error.partition("\n")
    failing = (each for each in exercise.mistakes if each.fails and each.fails in (why or error))
    return next((each.says for each in failing), "")


def unfinished(file: Path) -> list[int]:
    """The lines where ``...`` still stands for what the reader has to write.

    Any other ``...``, of a type or of an empty function, is the reader's own.
    """
    text = files.text(file)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return []  # Python will say it when it runs the file.
    above = ["", *text.splitlines()]
    gaps = (ast.Assign, ast.Return, ast.Expr)
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, gaps)
        and isinstance(node.value, ast.Constant)
        and node.value.value is ...
        and (not isinstance(node, ast.Expr) or "# Completa" in above[node.lineno - 1])
    )

"""What an exercise is: the data of a try, what is right, and the usual mistakes."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from streamdocs.exercises.attempt import Attempt
from streamdocs.recording.tables import Table

Data = Sequence[str]
"""What a program is given, piece by piece: lines typed, or the text of files."""

Answer = Callable[[Data], list[Table]]
"""What plain Python makes of the data: the tables that a program answers."""

Level = Literal["completa", "cambia", "escribe"]
"""How much is the reader's: gaps in a program, a change of one that works, or all of it."""


@dataclass(frozen=True)
class Mistake:
    """A program that many write and that is wrong.

    Attributes:
        says: what it does instead, and what to look at: «cuenta filas, y hay que sumar: mira …».
        changes: what, in the solution, becomes what: with it, the solution makes this mistake.
        answer: the tables that it writes; None if it fails.
        fails: what its error says, if it fails: «CAST_INVALID_INPUT».
    """

    says: str
    changes: tuple[tuple[str, str], ...]
    answer: Answer | None
    fails: str = ""


@dataclass(frozen=True)
class Exercise:
    """An exercise: what its program is given, how, and what plain Python makes of the same.

    Attributes:
        name: that of the file to complete, without ``.py``.
        chapter: the page of ``docs/ejercicios`` that sets it.
        level: how much of the program is the reader's.
        title: what it is about, in a few words.
        data: makes the data of one try.
        drive: runs a program on the data and collects the tables that it answers.
        answer: the tables that it should answer.
        mistakes: the usual ones, that the check knows by what they write.
        own_jvm: whether the program needs one wherever it runs: it is killed, or names packages.
    """

    name: str
    chapter: str
    level: Level
    title: str
    data: Callable[[random.Random], Data]
    drive: Callable[[Attempt, Data], list[Table]]
    answer: Answer
    mistakes: tuple[Mistake, ...] = ()
    own_jvm: bool = False

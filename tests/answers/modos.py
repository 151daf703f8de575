"""Answers to the exercises on output modes."""

from answers import Answer

ANSWERS: tuple[Answer, ...] = ()

OPEN: dict[str, tuple[str, ...]] = {}

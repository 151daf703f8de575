"""Answers to the exercises on a state of one's own."""

from answers import Answer

ANSWERS: tuple[Answer, ...] = ()

OPEN: dict[str, tuple[str, ...]] = {}

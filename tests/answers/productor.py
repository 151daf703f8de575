"""Answers to the exercises on the producer."""

from answers import Answer

ANSWERS: tuple[Answer, ...] = ()

OPEN: dict[str, tuple[str, ...]] = {}

"""Answers to the exercises on programs that die."""

from answers import Answer

ANSWERS: tuple[Answer, ...] = ()

OPEN: dict[str, tuple[str, ...]] = {}

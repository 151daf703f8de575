"""Answers to the exercises on Kafka."""

from answers import Answer

ANSWERS: tuple[Answer, ...] = ()

OPEN: dict[str, tuple[str, ...]] = {}

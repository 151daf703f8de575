"""Exercises on Kafka, as source and as sink."""

from streamdocs.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

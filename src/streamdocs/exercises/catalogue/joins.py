"""Exercises on joins of streams."""

from streamdocs.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

"""Exercises on state: duplicates, and a state of one's own."""

from streamdocs.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

"""Exercises on what a program does that dies, and starts again."""

from streamdocs.exercises.exercise import Exercise

EXERCISES: tuple[Exercise, ...] = ()

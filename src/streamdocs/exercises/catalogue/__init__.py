"""The course's exercises, a module a chapter: what each is given, and what Python makes of it."""

from streamdocs.exercises.catalogue import (
    caidas,
    contratos,
    estado,
    fuentes,
    hola,
    joins,
    kafka,
    modos,
    parar,
    probar,
    productor,
    sinks,
    transformaciones,
    triggers,
    ventanas,
    vigilar,
)

_CHAPTERS = (
    *(productor, hola, fuentes, kafka, sinks, modos, transformaciones, ventanas, joins, estado),
    *(triggers, caidas, vigilar, parar, probar, contratos),
)

EXERCISES = {exercise.name: exercise for chapter in _CHAPTERS for exercise in chapter.EXERCISES}
"""All exercises by name, in the order of the course."""

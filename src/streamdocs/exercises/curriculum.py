"""What the Spanish curriculum grades, and which chapters of exercises give evidence of it.

Real Decreto 279/2021 sets the specialisation course in artificial intelligence and Big Data: module
5074, «Sistemas de Big Data», and module 5075, «Big Data aplicado». Its criteria stand here in a few
words of our own, after the copy that a school gives its students; those are left out that a course
on streams says nothing about. Pages name them in their front matter (``criterios``); exercises have
those of their chapter, so that a new one has them without being listed.
"""

from dataclasses import dataclass
from typing import Literal

from streamdocs.exercises.exercise import Exercise, Level

MODULES = {"5074": "Sistemas de Big Data", "5075": "Big Data aplicado"}
"""The modules, by their code."""

Lacking = Literal["", "ejercicio", "página y ejercicio"]
"""What the course has not got yet for a criterion."""


@dataclass(frozen=True)
class Criterion:
    """A criterion that a course on streams can evidence.

    Attributes:
        mark: module, result and letter, as in the front matter of a page: «5075-RA2.c».
        says: what it asks for, in a few words.
        lacking: what the course has not got yet for it.
    """

    mark: str
    says: str
    lacking: Lacking = ""


@dataclass(frozen=True)
class Chapter:
    """A page of ``docs/ejercicios``: what its exercises are about, and the marks that they have."""

    title: str
    marks: tuple[str, ...]


_NEITHER: Lacking = "página y ejercicio"

CRITERIA = {
    each.mark: each
    for each in (
        Criterion("5074-RA1.c", "relacionar datos de varias fuentes"),
        Criterion("5074-RA1.d", "combinar fuentes en un mismo análisis"),
        Criterion("5074-RA1.f", "integrar sistemas que procesan los datos"),
        Criterion("5074-RA2.c", "hacer un cuadro de mando", _NEITHER),
        Criterion("5074-RA3.d", "que el sistema sea eficiente y seguro"),
        Criterion("5074-RA4.e", "programar el procesamiento automático"),
        Criterion("5075-RA1.b", "ingerir los datos"),
        Criterion("5075-RA1.c", "elegir el formato en que se guardan"),
        Criterion("5075-RA1.d", "procesarlos"),
        Criterion("5075-RA1.e", "presentar resultados fáciles de leer", "ejercicio"),
        Criterion("5075-RA2.b", "comprobar la computación distribuida"),
        Criterion("5075-RA2.c", "probar la tolerancia a fallos"),
        Criterion("5075-RA2.e", "ver que el sistema crece añadiendo nodos", "ejercicio"),
        Criterion("5075-RA3.a", "valorar la calidad de los datos"),
        Criterion("5075-RA3.b", "a más volumen, más peligro para la integridad"),
        Criterion("5075-RA3.c", "reconocer las sumas de comprobación", "ejercicio"),
        Criterion("5075-RA4.a", "monitorizar con herramientas", "ejercicio"),
        Criterion("5075-RA4.b", "recoger métricas y enseñarlas"),
        Criterion("5075-RA4.c", "dar alertas", "ejercicio"),
        Criterion("5075-RA4.d", "comprobar la velocidad", "ejercicio"),
        Criterion("5075-RA4.e", "comprobar la fiabilidad de los datos"),
        Criterion("5075-RA4.f", "comprobar la estabilidad de los servicios"),
        Criterion("5075-RA5.b", "limpiar y transformar los datos"),
    )
}
"""The criteria by their marks, in the order of the decree."""

CHAPTERS = {
    "productor": Chapter("De nc a Spark", ("5074-RA1.f", "5075-RA1.b")),
    "hola": Chapter("Primeros pasos con Spark", ("5075-RA1.d",)),
    "fuentes": Chapter("Fuentes", ("5075-RA1.b", "5075-RA1.c")),
    "kafka": Chapter("Kafka", ("5074-RA1.f", "5075-RA1.b", "5075-RA2.b")),
    "sinks": Chapter("Sinks", ("5074-RA3.d", "5075-RA1.c", "5075-RA2.c")),
    "modos": Chapter("Modos de salida", ("5075-RA1.d",)),
    "transformaciones": Chapter("Transformaciones", ("5075-RA3.a", "5075-RA5.b")),
    "ventanas": Chapter("Ventanas", ("5075-RA1.d", "5075-RA3.b")),
    "joins": Chapter("Joins", ("5074-RA1.c", "5074-RA1.d")),
    "estado": Chapter("Estado propio", ("5075-RA1.d", "5075-RA2.b")),
    "triggers": Chapter("Triggers", ("5074-RA4.e",)),
    "caidas": Chapter("Caídas y cambios", ("5075-RA2.c", "5075-RA3.b")),
    "vigilar": Chapter("En el trabajo", ("5075-RA3.a", "5075-RA4.b", "5075-RA4.e")),
    "parar": Chapter("En el trabajo: parar", ("5074-RA3.d", "5074-RA4.e", "5075-RA4.f")),
    "probar": Chapter("En el trabajo: probar", ("5074-RA3.d", "5075-RA3.a", "5075-RA4.e")),
    "contratos": Chapter(
        "En el trabajo: contratos", ("5075-RA1.c", "5075-RA3.a", "5075-RA4.e", "5075-RA5.b")
    ),
}
"""The chapters of exercises, by the name of their page."""

_MINUTES: dict[Level, int] = {"completa": 15, "cambia": 20, "escribe": 30}


def minutes(exercise: Exercise) -> int:
    """How long an exercise takes in class: a guess, by how much of the program is the reader's."""
    return _MINUTES[exercise.level]


def marks(exercise: Exercise) -> tuple[str, ...]:
    """The criteria that an exercise gives evidence of: those of its chapter."""
    return CHAPTERS[exercise.chapter].marks

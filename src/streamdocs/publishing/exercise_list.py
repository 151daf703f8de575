"""The table of all exercises, made of the catalogue, by chapter."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.exercises import project
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.curriculum import CHAPTERS
from streamdocs.exercises.exercise import Exercise
from streamdocs.publishing import late
from streamdocs.publishing.late import Filling, Place

FOLDER = "ejercicios"
"""The folder of the pages that set exercises."""


def page_of(exercise: Exercise) -> str:
    """The page that sets an exercise."""
    return f"{FOLDER}/{exercise.chapter}"


def anchor(env: BuildEnvironment, exercise: Exercise) -> str:
    """The anchor of an exercise on its page, if its author has given it one; else its page's."""
    labels = env.domains.standard_domain.anonlabels
    page, where = labels.get(f"ejercicio-{exercise.name}", ("", ""))
    return where if page == page_of(exercise) else ""


def link(app: Sphinx, page: str, exercise: Exercise) -> nodes.reference:
    """A link from a page to an exercise, with its name."""
    reference = late.link(app, page, page_of(exercise), "", anchor(app.env, exercise))
    reference += nodes.literal("", exercise.name)
    return reference


def problems(env: BuildEnvironment, place: Place) -> Iterator[tuple[str, int, str]]:
    """Each exercise without a page, and each page without an exercise."""
    its = {page_of(exercise) for exercise in EXERCISES.values()}
    its.add(f"{FOLDER}/{project.NAME}")
    for exercise in EXERCISES.values():
        if page_of(exercise) not in env.found_docs:
            said = f"el ejercicio «{exercise.name}» no tiene página: escribe {page_of(exercise)}.md"
            yield place.page, place.line, said
    for page in sorted(env.found_docs):
        if page.startswith(f"{FOLDER}/") and page not in its:
            said = "la página no tiene ningún ejercicio en el catálogo: añádelo, o quítala"
            yield page, 1, said


def _fill(app: Sphinx, place: Place) -> Filling:
    rows: list[list[nodes.Node]] = []
    for chapter, its in groupby(EXERCISES.values(), lambda each: each.chapter):
        of_it = [each for each in its if page_of(each) in app.env.found_docs]
        if of_it:
            title = late.link(app, place.page, page_of(of_it[0]), CHAPTERS[chapter].title)
            rows.append([nodes.paragraph("", "", nodes.strong("", "", title))])
        for each in of_it:
            named = nodes.paragraph("", "", link(app, place.page, each))
            rows.append([named, *(nodes.paragraph("", text) for text in (each.level, each.title))])
    shown = late.table(("Nombre", "Nivel", "Qué se hace"), rows, "exercise-list")
    return Filling([shown], list(problems(app.env, place)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directive."""
    app.setup_extension("streamdocs.publishing.late")
    late.add(app, "exercises", _fill)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

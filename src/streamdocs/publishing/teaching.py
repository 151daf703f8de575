"""For who teaches: what each page and exercise is good for, and how long it takes.

Pages say it in their front matter: ``criterios``, a list of marks of the curriculum, and
``minutos``, how long they take in class. Exercises have it by their chapter and their level.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from streamdocs.exercises import curriculum
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.curriculum import CRITERIA, MODULES, Criterion
from streamdocs.exercises.exercise import Exercise
from streamdocs.publishing import exercise_list, late, review
from streamdocs.publishing.late import Filling, Place

_EXERCISE = "ejercicio "
"""What a plan writes before the name of an exercise."""


def marks(env: BuildEnvironment, page: str) -> tuple[str, ...]:
    """The criteria that a page names in its front matter."""
    return tuple(json.loads(env.metadata[page].get("criterios", "[]")))


def minutes(env: BuildEnvironment, page: str) -> int:
    """How long a page takes in class; 0 if it does not say."""
    return int(env.metadata[page].get("minutos", 0))


def problems(env: BuildEnvironment) -> Iterator[tuple[str, int, str]]:
    """Each mark in the front matter of a page that the curriculum does not have."""
    for page in sorted(env.found_docs):
        for mark in marks(env, page):
            if mark not in CRITERIA:
                yield page, 1, f"«criterios» nombra «{mark}», y el currículo no tiene ese criterio"


def _spoken(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return " ".join(f"{value} {unit}" for value, unit in ((hours, "h"), (rest, "min")) if value)


def _listed(items: Sequence[nodes.Node]) -> nodes.paragraph:
    """Pieces of text in a row, with commas; a dash for none."""
    row = nodes.paragraph("", "" if items else "–")
    for number, item in enumerate(items):
        row += [nodes.Text(", ")] * bool(number)
        row += item
    return row


def _exercises(env: BuildEnvironment) -> list[Exercise]:
    """Those that have a page: the table of exercises says which has none."""
    return [each for each in EXERCISES.values() if exercise_list.page_of(each) in env.found_docs]


def _criteria(app: Sphinx, place: Place) -> Filling:
    """A row a criterion that the course evidences: its pages and its exercises."""
    rows: list[list[nodes.Node]] = []
    result = ""
    for each in CRITERIA.values():
        if each.lacking == "página y ejercicio":
            continue
        if (now := each.mark.rpartition(".")[0]) != result:
            result = now
            rows.append([nodes.paragraph("", "", nodes.strong("", _result(now)))])
        rows.append([_said(each), _pages(app, place, each), _practised(app, place, each)])
    head = ("Criterio", "Páginas", "Ejercicios")
    return Filling([late.table(head, rows, "criteria", "stacked")], list(problems(app.env)))


def _result(mark: str) -> str:
    module, _, result = mark.partition("-")
    return f"{module} {MODULES[module]}, {result}"


def _said(criterion: Criterion) -> nodes.paragraph:
    letter = criterion.mark.rpartition(".")[2]
    return nodes.paragraph("", "", nodes.strong("", f"{letter})"), nodes.Text(f" {criterion.says}"))


def _pages(app: Sphinx, place: Place, criterion: Criterion) -> nodes.paragraph:
    names = [name for _, names in review.chapters(app.env) for name in names]
    its = [name for name in names if criterion.mark in marks(app.env, name)]
    titles = app.env.titles
    return _listed([late.link(app, place.page, name, titles[name].astext()) for name in its])


def _practised(app: Sphinx, place: Place, criterion: Criterion) -> nodes.paragraph:
    its = [each for each in _exercises(app.env) if criterion.mark in curriculum.marks(each)]
    return _listed([exercise_list.link(app, place.page, each) for each in its])


def _lacking(_app: Sphinx, _place: Place) -> Filling:
    """The criteria that the course has not got a page or an exercise for yet."""
    items = [
        nodes.list_item("", nodes.paragraph("", f"{each.mark}, {each.says}: falta {each.lacking}."))
        for each in CRITERIA.values()
        if each.lacking
    ]
    return Filling([nodes.bullet_list("", *items)])


def _lessons(app: Sphinx, place: Place) -> Filling:
    """A row a page and a row an exercise, by chapter, with their criteria and their time."""
    rows: list[list[nodes.Node]] = []
    for chapter, names in review.chapters(app.env):
        its = list(_chapter(app, place, names))
        if its:
            rows += [[nodes.paragraph("", "", nodes.strong("", chapter))], *its]
    head = ("Página o ejercicio", "Criterios", "Tiempo")
    return Filling([late.table(head, rows, "lessons")])


def _chapter(app: Sphinx, place: Place, names: list[str]) -> Iterator[list[nodes.Node]]:
    env = app.env
    for name in names:
        if time := minutes(env, name):
            link = late.link(app, place.page, name, env.titles[name].astext())
            yield _lesson(link, marks(env, name), time)
        for each in _exercises(env):
            if exercise_list.page_of(each) == name:
                link = exercise_list.link(app, place.page, each)
                yield _lesson(link, curriculum.marks(each), curriculum.minutes(each))


def _lesson(link: nodes.reference, marks: tuple[str, ...], time: int) -> list[nodes.Node]:
    said = _listed([nodes.inline("", mark, classes=["unbroken"]) for mark in marks])
    return [nodes.paragraph("", "", link), said, nodes.paragraph("", _spoken(time))]


def _mistakes(app: Sphinx, place: Place) -> Filling:
    """The usual mistakes of each exercise, as the check knows them."""
    items = nodes.definition_list()
    for each in _exercises(app.env):
        if each.mistakes:
            said = [nodes.list_item("", _written(one.says)) for one in each.mistakes]
            term = nodes.term("", "", exercise_list.link(app, place.page, each))
            definition = nodes.definition("", nodes.bullet_list("", *said))
            items += nodes.definition_list_item("", term, definition)
    return Filling([items])


def _written(text: str) -> nodes.paragraph:
    """A sentence of the catalogue, in which code stands between backticks."""
    paragraph = nodes.paragraph()
    for number, part in enumerate(f"{text}.".split("`")):
        paragraph += nodes.literal("", part) if number % 2 else nodes.Text(part)
    return paragraph


@dataclass(frozen=True)
class _Step:
    """A step of a plan: the page or exercise, its link, its time, and what is done with it."""

    link: nodes.reference
    minutes: int
    text: str


def _plan(app: Sphinx, place: Place) -> Filling:
    """A numbered plan of as many hours as the argument says; it is refused if it takes longer."""
    steps: list[_Step] = []
    wrong = []
    for line in place.content:
        name, _, text = (part.strip() for part in line.partition(":"))
        step = _step(app, place, name, text)
        if step is None:
            wrong.append(f"no hay ni página con «minutos» ni ejercicio «{name}»")
        else:
            steps.append(step)
    total = sum(step.minutes for step in steps)
    hours = int(place.argument)
    if total > hours * 60:
        wrong.append(f"el plan de {hours} horas dura {_spoken(total)}: quita algo")
    heading = nodes.paragraph("", f"{hours} horas ", classes=["route-title"])
    heading += nodes.inline("", f"{_spoken(total)} de clase", classes=["route-time"])
    items = (_shown(step) for step in steps)
    shown = nodes.container(
        "", heading, nodes.enumerated_list("", *items, enumtype="arabic"), classes=["route", "plan"]
    )
    return Filling([shown], [(place.page, place.line, text) for text in wrong])


def _step(app: Sphinx, place: Place, name: str, text: str) -> _Step | None:
    env = app.env
    exercise = EXERCISES.get(name.removeprefix(_EXERCISE)) if name.startswith(_EXERCISE) else None
    if exercise is not None:
        link = exercise_list.link(app, place.page, exercise)
        return _Step(link, curriculum.minutes(exercise), text)
    if name in env.found_docs and (time := minutes(env, name)):
        return _Step(late.link(app, place.page, name, env.titles[name].astext()), time, text)
    return None


def _shown(step: _Step) -> nodes.list_item:
    time = nodes.inline("", _spoken(step.minutes), classes=["route-time"])
    head = nodes.paragraph("", "", step.link, nodes.Text(" "), time)
    said = [nodes.paragraph("", step.text)] if step.text else []
    return nodes.list_item("", head, *said)


def setup(app: Sphinx) -> dict[str, Any]:
    """Add the directives."""
    app.setup_extension("streamdocs.publishing.late")
    late.add(app, "criteria", _criteria)
    late.add(app, "criteria-lacking", _lacking)
    late.add(app, "lessons", _lessons)
    late.add(app, "mistakes", _mistakes)
    late.add(app, "plan", _plan)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

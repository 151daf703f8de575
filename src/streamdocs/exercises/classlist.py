"""What a class has passed: tables for a terminal, and the same for a spreadsheet."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

from rich.table import Table
from rich.text import Text

from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.classroom import NAMES, Delivered, printable, result, student


def _students(delivered: Iterable[Delivered]) -> dict[str, list[Delivered]]:
    """The reports of each student, by their name as it was first written."""
    its: defaultdict[str, list[Delivered]] = defaultdict(list)
    for each in delivered:
        if each.found:
            its[student(each)].append(each)
    return {reports[0].who: reports for _, reports in sorted(its.items())}


def _best(reports: Iterable[Delivered]) -> dict[str, bool]:
    """Whether each exercise that was tried was passed, in the order of the course."""
    passed: defaultdict[str, bool] = defaultdict(bool)
    for each in reports:
        if each.found:
            passed[each.found.exercise] |= each.passed
    return {name: passed[name] for name in NAMES if name in passed}


_WIDEST = 44
"""Columns of what is long: with it, a table is read in a narrow terminal, and on a page."""


def students(delivered: Sequence[Delivered]) -> Table:
    """A row a student: how many exercises they have passed, and which they have not."""
    shown = Table("quién", "bien", title="Quién ha pasado qué", title_justify="left")
    shown.add_column("todavía no, o no vale", max_width=_WIDEST)
    for who, reports in _students(delivered).items():
        best = _best(reports)
        lacking = ", ".join(name for name, passed in best.items() if not passed)
        shown.add_row(Text(who), f"{sum(best.values())} de {len(best)}", lacking)
    return shown


def hardest(delivered: Sequence[Delivered]) -> Table:
    """How many students have passed each exercise, those first that fewest have."""
    shown = Table("ejercicio", "bien", title="Los más difíciles", title_justify="left")
    shown.add_column("error más visto", max_width=_WIDEST)
    tried: defaultdict[str, list[bool]] = defaultdict(list)
    for reports in _students(delivered).values():
        for name, passed in _best(reports).items():
            tried[name].append(passed)
    for name, its in sorted(tried.items(), key=lambda item: sum(item[1]) / len(item[1])):
        shown.add_row(name, f"{sum(its)} de {len(its)}", Text(_usual(delivered, name)))
    return shown


def _usual(delivered: Iterable[Delivered], exercise: str) -> str:
    """The known mistake that most reports of an exercise make; "" if none does."""
    mistakes = EXERCISES[exercise].mistakes if exercise in EXERCISES else ()
    known = {mistake.says for mistake in mistakes}
    of_it = [each.found for each in delivered if each.found and each.found.exercise == exercise]
    made = [found.mistake for found in of_it if found.mistake in known]
    return max(made, key=made.count, default="")


def notes(delivered: Iterable[Delivered]) -> list[str]:
    """What to look at, a line a thing: first what makes a report count for nothing."""
    odd = [each for each in delivered if each.notes]
    odd.sort(key=lambda each: not each.doubtful)
    return [printable(f"{each.file}: {note}") for each in odd for note in each.notes]


def summary(delivered: Sequence[Delivered]) -> str:
    """How many there are, and what is known of them."""
    states = [each.state for each in delivered]
    counts = ", ".join(f"{states.count(state)} {state}" for state in dict.fromkeys(states))
    people = _counted(len(_students(delivered)), "alumno")
    return f"{_counted(len(delivered), 'informe')} de {people}: {counts}."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


_COLUMNS = ("quién", "ejercicio", "resultado", "semilla", "cuándo", "se repite", "notas", "fichero")


def as_csv(delivered: Iterable[Delivered]) -> str:
    """A row a report, with a header."""
    return _written(
        [
            _COLUMNS,
            *(
                (
                    *(each.who, each.found.exercise, result(each.found)),
                    *(str(each.found.seed), each.found.when),
                    *(each.state, "; ".join(each.notes), each.file),
                )
                if each.found
                else ("", "", "", "", "", each.state, "; ".join(each.notes), each.file)
                for each in delivered
            ),
        ]
    )


def matrix_csv(delivered: Sequence[Delivered]) -> str:
    """A row a student, a column an exercise: «bien», «todavía no», or nothing handed in."""
    its = {who: _best(reports) for who, reports in _students(delivered).items()}
    names = [name for name in NAMES if any(name in best for best in its.values())]
    said = {True: "bien", False: "todavía no", None: ""}
    rows = [(who, *(said[best.get(name)] for name in names)) for who, best in its.items()]
    return _written([("quién", *names), *rows])


def _written(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [_harmless(cell) for cell in row] for row in rows
    )
    return text.getvalue()


def _harmless(cell: str) -> str:
    """What a student wrote, so that a spreadsheet does not take it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) else cell

"""Which exercises a run tries, and what a mutant is: the tools of the exercises' own tests."""

from __future__ import annotations

from drawn import drawn, fifth, touched
from mutants import mutants

from streamdocs.exercises.catalogue import EXERCISES

PROGRAM = """# %% Sesión
spark = builder.config("a", 4).getOrCreate()
# %% Consulta
consulta = (
    datos.where("grados >= 30")
    # Por si llegan tarde.
    .withWatermark("hora", "10 minutes")
    .writeStream.outputMode("append")
    .option("checkpointLocation", "ñ")
)
linea = f"{dato}\\n".encode()
"""


def test_a_fifth_is_drawn_and_the_same_for_one_commit() -> None:
    some = fifth(EXERCISES, "abc")
    assert abs(len(some) - len(EXERCISES) / 5) < 1
    assert some == fifth(reversed(EXERCISES), "abc")
    assert some != fifth(EXERCISES, "abd")


def test_in_time_every_exercise_is_drawn() -> None:
    drawn = set().union(*(fifth(EXERCISES, str(commit)) for commit in range(60)))
    assert drawn == set(EXERCISES)


def test_what_changed_is_tried_and_a_chapter_whole() -> None:
    files = ["examples/ejercicios/soluciones/ventanas-bizum.py", "docs/hola/ventanas.md"]
    assert touched(files) == {"ventanas-bizum"}
    of_chapter = {name for name, each in EXERCISES.items() if each.chapter == "fuentes"}
    assert touched(["src/streamdocs/exercises/catalogue/fuentes.py"]) == of_chapter
    assert touched(["tests/answers/fuentes.py"]) == of_chapter


def test_what_changed_of_the_files_is_tried_and_a_fifth_of_the_rest() -> None:
    names = {f"examples/hola/{number}.py" for number in range(31)}
    tried = drawn(names, ["examples/hola/7.py", "docs/hola/8.md"], "abc")
    assert "examples/hola/7.py" in tried
    assert len(tried) == 1 + 6
    assert tried - {"examples/hola/7.py"} == fifth(names - {"examples/hola/7.py"}, "abc")


def test_a_mutant_changes_one_thing_and_never_what_is_given() -> None:
    found = {mutant.title: mutant.program for mutant in mutants(PROGRAM)}
    assert set(found) == {
        '"grados >= 30" → "grados >= 29"',
        '"grados >= 30" → "grados >= 31"',
        '"grados >= 30" → "grados > 30"',
        '"10 minutes" → "9 minutes"',
        '"10 minutes" → "11 minutes"',
        '"append" → "update"',
        '"append" → "complete"',
        '.where("grados >= 30") → nada',
        '.withWatermark("hora", "10 minutes") → nada',
        '.outputMode("append") → nada',
        '.option("checkpointLocation", "ñ") → nada',
        'f"{dato}\\n" → f"{dato}"',
        'f"{dato}\\n".encode() → f"{dato}\\n".encode("latin-1")',
    }
    assert all(program != PROGRAM for program in found.values())
    kept = found['.withWatermark("hora", "10 minutes") → nada']
    assert '.where("grados >= 30")' in kept
    assert '.writeStream.outputMode("append")' in kept

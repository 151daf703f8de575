"""What a teacher learns of a class, and what a report cannot hide."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from streamdocs.exercises import classlist, classroom, evidence, files
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict
from streamdocs.exercises.classroom import Delivered
from streamdocs.exercises.evidence import Evidence, EvidenceError, Try

SOLUTION = files.solution(EXERCISES["triggers"])
RIGHT, WRONG = Verdict((), ()), Verdict((), ("Tabla 1: falta |a|",))


@dataclass(frozen=True)
class Class:
    """A folder in which reports are handed in."""

    folder: Path

    def hand_in(
        self, name: str, verdict: Verdict = RIGHT, code: str = "", author: str | None = None
    ) -> Path:
        """A report of a try that was judged so; the code is one of its own, unless it is given."""
        code = code or f"quien = {name!r}\n{SOLUTION}"
        tried = Try(name if author is None else author, "triggers", 7, {"triggers.py": code}, 1.0)
        return self.write(name, evidence.of(tried, verdict))

    def write(self, name: str, said: Evidence) -> Path:
        """A report that says this."""
        file = self.folder / f"{name}.html"
        evidence.write(said, file)
        return file

    def read(self) -> dict[str, Delivered]:
        """What is read, by name."""
        return {each.file.removesuffix(".html"): each for each in classroom.read(self.folder)}

    def repeated(self, verdict: Verdict, most: int = 9) -> dict[str, str]:
        """The state of each when a run comes to this verdict."""
        delivered = classroom.read(self.folder)
        again = classroom.repeat(delivered, most, 1, lambda *_: verdict, lambda _: None)
        return {each.file.removesuffix(".html"): each.state for each in again}


@pytest.fixture
def class_(tmp_path: Path) -> Class:
    """A class that has handed in nothing yet."""
    return Class(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("readStream", "read", "su código no es el que se comprobó"),
        ('"passed": true', '"passed": verdad', "está roto"),
        ('"passed": true', '"passed": false', "el resultado no es el de sus fallos"),
        ('"seed": 7', '"seed": 8', "lo que enseña no es lo que se comprobó"),
        ("triggers: bien", "triggers: muy bien", "lo que enseña no es lo que se comprobó"),
        ("ana", "eva", "su código no es el que se comprobó"),
        ('"author": "ana"', '"author": "eva"', "lo que enseña no es lo que se comprobó"),
        ('"mistake": ""', '"mistake": "no lee"', "lo que enseña no es lo que se comprobó"),
        ('id="informe"', 'id="nada"', "no es un informe"),
        ('"triggers"', '"triggers\\ud800"', "está roto"),
    ],
)
def test_a_report_that_was_changed_is_refused(class_: Class, old: str, new: str, why: str) -> None:
    file = class_.hand_in("ana")
    assert evidence.read(file).passed
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(EvidenceError, match=why):
        evidence.read(file)
    assert class_.read()["ana"].state == "no vale"


def test_what_a_mail_does_to_lines_is_no_change(class_: Class) -> None:
    file = class_.hand_in("ana")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert evidence.read(file).passed


def test_what_is_no_report_is_said_and_the_others_are_read(class_: Class) -> None:
    class_.hand_in("ana")
    (class_.folder / "nada.html").write_text("<p>nada")
    (class_.folder / "bytes.html").write_bytes(bytes(range(256)))
    (class_.folder / "enorme.html").write_bytes(b" " * 1_000_001)
    (class_.folder / "carpeta.html").mkdir()
    (class_.folder / "roto.html").symlink_to("no-existe")
    states = {name: each.state for name, each in class_.read().items()}
    assert states == {
        "ana": "no repetido",
        **dict.fromkeys(("bytes", "enorme", "nada"), "no vale"),
    }


def test_who_changes_code_and_checksum_cannot_change_what_a_run_says(class_: Class) -> None:
    """A forged report is as good as a true one until it runs: those that say «bien» run first."""
    class_.hand_in("luis", WRONG)
    class_.hand_in("ana")
    assert class_.repeated(WRONG) == {"ana": "no se reproduce", "luis": "se reproduce"}
    assert class_.repeated(WRONG, most=1) == {"ana": "no se reproduce", "luis": "no repetido"}
    again = classroom.repeat(classroom.read(class_.folder), 1, 1, lambda *_: WRONG, lambda _: None)
    assert classlist.notes(again) == ["ana.html: dice «bien», y al repetirlo: Tabla 1: falta |a|"]
    assert classlist.matrix_csv(again) == "quién,triggers\nana,todavía no\nluis,todavía no\n"


def test_a_program_that_is_right_for_its_own_data_only_is_found(class_: Class) -> None:
    """Who chooses the data may write down the answer."""
    class_.hand_in("ana")

    def check(_: str, folder: Path, seed: int) -> Verdict:
        return RIGHT if seed == 7 else WRONG

    again = classroom.repeat(classroom.read(class_.folder), 1, 1, check, lambda _: None)
    assert [each.state for each in again] == ["no se reproduce"]


def test_a_report_without_programs_is_none(class_: Class) -> None:
    file = class_.hand_in("ana")
    empty = msgspec.structs.replace(evidence.read(file), programs={}, sha256=evidence.digest({}))
    data = msgspec.json.encode(empty).decode().replace("<", "\\u003c")
    file.write_text(f'<script type="application/json" id="informe">{data}</script>')
    assert class_.read()["ana"].notes == ("no trae ningún programa",)


def test_another_version_is_said_and_not_run(class_: Class) -> None:
    said = evidence.of(Try("ana", "triggers", 7, {"triggers.py": SOLUTION}, 1.0), RIGHT)
    old = msgspec.structs.replace(said, versions=said.versions | {"streamdocs": "0.0.9"})
    class_.write("ana", old)
    assert class_.repeated(RIGHT) == {"ana": "otra versión"}
    (note, *_) = class_.read()["ana"].notes
    assert note.startswith("se hizo con streamdocs 0.0.9, y este es el ")
    assert not class_.read()["ana"].passed


def test_two_of_one_student_and_one_of_two_are_said(class_: Class) -> None:
    class_.hand_in("ana", WRONG)
    class_.hand_in("ana-2", RIGHT, author="  Ana ")
    code = "a = 1\nb = 2\n"
    class_.hand_in("eva", RIGHT, code)
    class_.hand_in("luis", RIGHT, f"# Mío de verdad.\n{code.replace(' = ', '=')}")
    class_.hand_in("sin", RIGHT, SOLUTION, author="")
    found = {name: each.notes for name, each in class_.read().items()}
    assert found == {
        "ana": ("ana entrega 2 informes de triggers: vale el mejor",),
        "ana-2": ("Ana entrega 2 informes de triggers: vale el mejor",),
        "eva": ("el programa es el de luis",),
        "luis": ("el programa es el de eva",),
        "sin": ("el programa es la solución publicada",),
    }
    rows = list(csv.reader(io.StringIO(classlist.matrix_csv(list(class_.read().values())))))
    assert rows == [
        ["quién", "triggers"],
        ["(sin.html)", "bien"],
        ["Ana", "bien"],
        ["eva", "bien"],
        ["luis", "bien"],
    ]


def test_a_spreadsheet_takes_nothing_for_a_formula(class_: Class) -> None:
    class_.hand_in("ana", author="=1+1")
    assert "\n'=1+1," in classlist.as_csv(list(class_.read().values()))


def test_what_a_student_wrote_commands_no_terminal(class_: Class) -> None:
    said = evidence.of(Try("\x1b[2J[red]ana", "triggers", 7, {"triggers.py": SOLUTION}, 1.0), WRONG)
    class_.write("ana", msgspec.structs.replace(said, mistake="\x1b[2J"))
    shown = _shown(list(class_.read().values()))
    assert "\x1b" not in shown
    assert "[2J[red]ana" in shown


def _shown(delivered: list[Delivered]) -> str:
    console = Console(width=100, file=io.StringIO())
    console.print(classlist.students(delivered), classlist.hardest(delivered), sep="\n")
    for note in classlist.notes(delivered):
        console.print(note, markup=False)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_a_class_of_thirty_is_readable_at_100_columns(class_: Class) -> None:
    names = [f"Nombre{number:02} Apellido Apellidísimo" for number in range(30)]
    for number, name in enumerate(names):
        class_.hand_in(f"entrega-{number}", RIGHT if number % 3 else WRONG, author=name)
    shown = _shown(list(class_.read().values())).splitlines()
    assert max(map(len, shown)) <= 100
    assert len(shown) < 50
    assert [sum(name in line for line in shown) for name in names] == [1] * 30
    assert any(line.split()[1:6] == ["triggers", "│", "20", "de", "30"] for line in shown)


def test_hard_exercises_come_first_with_what_went_wrong(class_: Class) -> None:
    usual = EXERCISES["hola"].mistakes[0].says
    for name, exercise, verdict in (
        *(("ana", "triggers", RIGHT), ("eva", "triggers", WRONG)),
        *(("ana", "hola", Verdict((), ("mal",), usual)), ("eva", "hola", WRONG)),
    ):
        said = evidence.of(
            Try(name, exercise, 7, {f"{exercise}.py": f"{name} = 1\n"}, 1.0), verdict
        )
        class_.write(f"{name}-{exercise}", said)
    shown = classlist.hardest(list(class_.read().values()))
    cells = [[str(cell) for cell in column.cells] for column in shown.columns]
    assert cells == [["hola", "triggers"], ["0 de 2", "1 de 2"], [usual, ""]]


def test_a_forged_report_is_found_by_a_real_run(class_: Class) -> None:
    """All in it agrees, but what it says of the program is not true."""
    wrong = SOLUTION.replace("maxFilesPerTrigger", "maxFilesPerTriggr")
    assert wrong != SOLUTION
    class_.hand_in("ana", RIGHT, wrong)
    done = subprocess.run(
        [sys.executable, "-m", "streamdocs.cli", "clase", ".", "--muestra", "1"],
        cwd=class_.folder,
        env=os.environ | {"COLUMNS": "100"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    assert "ana.html: dice «bien», y al repetirlo: Tabla 1: sobra" in " ".join(done.stdout.split())
    assert "1 informe de 1 alumno: 1 no se reproduce." in done.stdout

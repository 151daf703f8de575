"""What the first build of all must bring comes at the same time, and is there before the pages."""

import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from streamdocs.kafka import jars
from streamdocs.kafka.jars import KafkaError
from streamdocs.publishing import offline
from streamdocs.running import archive, workspace
from streamdocs.system import programs, turn

PACKAGE = "org.example:uno:1"


def test_kafka_and_packages_come_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=10)
    monkeypatch.setattr(jars, "jars", both.wait)
    monkeypatch.setattr(jars, "connector", lambda: None)
    monkeypatch.setattr(jars, "package", lambda _what: both.wait())
    assert offline._lacking(["kafka", PACKAGE]) == {}


@pytest.mark.parametrize("fails", ["jars", "connector", "package"])
def test_what_cannot_be_had_is_told(fails: str, monkeypatch: pytest.MonkeyPatch) -> None:
    error = KafkaError("No puedo.")

    def fail(*_what: str) -> None:
        raise error

    for name in ("jars", "connector", "package"):
        monkeypatch.setattr(jars, name, fail if name == fails else lambda *_what: None)
    what = PACKAGE if fails == "package" else "kafka"
    assert offline._lacking(["kafka", PACKAGE]) == {what: error}


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The archives that were made, in an environment that has none."""
    made: list[Path] = []

    def make(file: Path, env: Mapping[str, str]) -> None:
        assert "-XX:+UseSerialGC" in env["SPARK_SUBMIT_OPTS"]
        assert Path(env["TMPDIR"]).is_dir()
        file.write_text("")
        made.append(file)

    monkeypatch.setattr(archive, "HOME", tmp_path / "share")
    monkeypatch.setattr(archive, "CONF", tmp_path / "share" / "conf")
    monkeypatch.setattr(archive, "_make", make)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    return made


QUICK: Sequence[str] = ("-XX:+UseSerialGC",)


def test_the_archive_is_there_when_the_downloads_are(trained: list[Path], tmp_path: Path) -> None:
    with workspace.training(QUICK):
        pass
    assert len(trained) == 1
    assert not archive.lacks(programs.java_home())
    assert list((tmp_path / "tmp").iterdir()) == [], "something is left of its workspace"
    with workspace.training(QUICK):
        pass
    assert len(trained) == 1, "it was made again"


def test_it_waits_for_no_other_build(trained: list[Path]) -> None:
    """Pages in networks of their own do not, either."""
    with turn.take(print), workspace.training(QUICK):
        pass
    assert trained == []


def test_what_goes_wrong_with_it_stops_nothing(
    trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/proc")
    with workspace.training(QUICK):
        pass
    assert trained == []

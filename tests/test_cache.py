"""The key of the page cache: all that can change what a page prints, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from streamdocs.running import cache

ROOMS = ("course", "system", "kafka", "recording", "running")
LATER = ("checking", "exercises", "publishing")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with a module in each room."""
    for room in (*ROOMS, *LATER):
        (tmp_path / "package" / room).mkdir(parents=True)
        (tmp_path / "package" / room / "uno.py").write_text("a = 1\n")
    (tmp_path / "package" / "errors.py").write_text("")
    return tmp_path / "package"


@pytest.mark.parametrize("room", ROOMS)
def test_what_can_change_an_output_changes_the_name(package: Path, room: str) -> None:
    names = [cache.folder(Path(), package)]
    module = package / room / "uno.py"
    module.write_text("a = 2\n")
    names.append(cache.folder(Path(), package))
    module.rename(package / room / "dos.py")
    names.append(cache.folder(Path(), package))
    (package / room / "mas").mkdir()
    (package / room / "dos.py").rename(package / room / "mas" / "dos.py")
    names.append(cache.folder(Path(), package))
    assert len(set(names)) == 4


@pytest.mark.parametrize(
    "file",
    [*(f"{room}/uno.py" for room in LATER), "running/.uno.py.swp", "running/__pycache__/uno.pyc"],
)
def test_what_cannot_change_an_output_does_not(package: Path, file: str) -> None:
    before = cache.folder(Path(), package)
    (package / file).parent.mkdir(exist_ok=True)
    (package / file).write_text("a = 3\n")
    assert cache.folder(Path(), package) == before


def test_another_version_of_what_runs_pages_changes_the_name(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = cache.folder(Path(), package)
    monkeypatch.setattr(cache, "_RUN_CELLS", ("ipykernel",))
    other = cache.folder(Path(), package)
    monkeypatch.setattr(cache, "versions", lambda names: {"ipykernel==0"})
    assert len({before, other, cache.folder(Path(), package)}) == 3


def test_another_java_changes_the_name(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = cache.folder(Path(), package)
    monkeypatch.setattr(cache, "_java", lambda: b'JAVA_VERSION="99"')
    assert cache.folder(Path(), package) != before


@pytest.mark.parametrize("name", ["pytest", "pyiceberg", "psycopg-binary", "prometheus-client"])
def test_what_pages_print_from_counts(name: str) -> None:
    """«trabajo/probar» prints what pytest says; an extra's packages are asked for by name."""
    assert name in {version.partition("==")[0] for version in cache.versions(cache._RUN_CELLS)}


def test_versions_are_those_of_all_that_is_needed() -> None:
    found = {version.partition("==")[0] for version in cache.versions(["ipykernel", "pyspark"])}
    assert {"ipykernel", "ipython", "pyspark", "py4j", "traitlets"} <= found
    assert found.isdisjoint({"ruff", "sphinx", "pytest"})


def test_naming_a_cache_removes_nothing(package: Path, tmp_path: Path) -> None:
    base = tmp_path / "jupyter-cache"
    (base / "otra").mkdir(parents=True)
    cache.folder(base, package)
    assert [folder.name for folder in base.iterdir()] == ["otra"]


def test_caches_used_long_ago_are_removed_after_a_build(package: Path, tmp_path: Path) -> None:
    base = tmp_path / "jupyter-cache"
    for number in range(9):
        (base / str(number)).mkdir(parents=True)
        cache.prune(base / str(number))
    cache.prune(base / "6")
    assert {folder.name for folder in base.iterdir()} == {"4", "5", "6", "7", "8"}

"""Where executed pages are kept, under a name that changes with all that their outputs hang on."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode
from packaging.requirements import Requirement
from sqlalchemy.exc import SQLAlchemyError

from streamdocs.system import programs
from streamdocs.system.programs import MissingProgramError

PACKAGE = Path(__file__).parents[1]

RUN_PAGES = ("errors.py", "course", "system", "kafka", "recording", "running")
"""The parts of the package that can change what a page prints."""

_KINDS = (".py", ".json", ".sha256")
_RUN_CELLS = (
    "confluent-kafka",
    "ipykernel",
    "nbclient",
    "nbformat",
    "pandas",
    "prometheus-client",
    "protobuf",
    "psycopg",
    "psycopg-binary",
    "pyarrow",
    "pyiceberg",
    "pyspark",
    "pytest",
    "pyte",
)
_KEPT = 5
"""Caches that are kept: those of a few branches, and of other builds that run now."""


def folder(base: Path, package: Path = PACKAGE) -> Path:
    """The cache folder below ``base`` for what ``package`` and the environment are now.

    jupyter-cache's key leaves out the package and the versions: here they name the folder, so
    that a change of them runs the pages again. Nothing is made or removed.
    """
    summary = hashlib.sha256(sys.version.encode() + _java())
    for file in _files(package):
        name = file.relative_to(package).as_posix()
        summary.update(f"\0{name}\0".encode() + file.read_bytes())
    summary.update("\n".join(sorted(versions(_RUN_CELLS))).encode())
    return base / summary.hexdigest()[:16]


def _java() -> bytes:
    """What says which Java it is; nothing where there is none, and no page runs."""
    try:
        return (programs.java_home() / "release").read_bytes()
    except MissingProgramError:
        return b""


def _files(package: Path) -> Iterator[Path]:
    for part in RUN_PAGES:
        below = sorted((package / part).rglob("*")) or [package / part]
        # An editor's swap file changes nothing.
        yield from (file for file in below if file.is_file() and file.suffix in _KINDS)


def versions(names: Iterable[str]) -> set[str]:
    """The packages called ``names`` and all that they need, as «name==version»."""
    found: dict[str, str] = {}
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        with suppress(PackageNotFoundError):
            its = metadata(name)  # once: the parts of a distribution parse it again each
            found[name] = its["Version"]
            # What an extra asks for is most of it, and slow to parse.
            lines = its.get_all("Requires-Dist", ())
            needs = [Requirement(line) for line in lines if not _is_extra(line)]
            waiting += [one.name for one in needs if one.marker is None or one.marker.evaluate()]
    return {f"{name}=={version}" for name, version in found.items()}


def _is_extra(requirement: str) -> bool:
    """Whether only an extra needs it, as can be told without parsing it."""
    return "extra ==" in requirement and " or " not in requirement


def create(cache: Path) -> None:
    """Make the ``cache``: two processes that both made its tables would be in each other's way.

    One that is broken is made again.
    """
    try:
        get_cache(str(cache)).list_cache_records()
    except SQLAlchemyError:
        shutil.rmtree(cache)
        get_cache(str(cache)).list_cache_records()


def mend(cache: Path) -> None:
    """Remove the ``cache`` if a page in it cannot be read, as after a kill or on a full disk."""
    try:
        pages = get_cache(str(cache))
        for record in pages.list_cache_records():
            pages.get_cache_bundle(record.pk)
    except (SQLAlchemyError, RuntimeError, LookupError, OSError, ValueError):
        shutil.rmtree(cache)


def prune(cache: Path) -> None:
    """Remove the caches beside ``cache`` that were used longest ago, but for a few."""
    os.utime(cache)
    beside = sorted(cache.parent.iterdir(), key=lambda other: other.stat().st_mtime)
    for other in beside[:-_KEPT]:
        shutil.rmtree(other, ignore_errors=True)


def forget(notebook: NotebookNode, cache: Path) -> None:
    """Remove what the ``cache`` has of ``notebook``, so that it runs again."""
    pages = get_cache(str(cache))
    with suppress(KeyError):
        pages.remove_cache(pages.match_cache_notebook(notebook).pk)


def executed(notebook: NotebookNode, cache: Path, written: Path) -> NotebookNode:
    """``notebook`` with the outputs of its last run, found by its contents in the ``cache``.

    A run that failed is not kept there; MyST-NB has then ``written`` it. (It writes pages that
    come from the cache, too, but without their outputs.)
    """
    try:
        _, merged = get_cache(str(cache)).merge_match_into_notebook(notebook)
    except KeyError:
        return nbformat.read(written, as_version=4)
    return merged

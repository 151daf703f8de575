"""Where executed pages are kept, under a name that changes with all that their outputs hang on."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from nbformat import NotebookNode


def digest(roots: Iterable[Path]) -> str:
    """A digest of Python's version and of every file at or below ``roots``."""
    summary = hashlib.sha256(sys.version.encode())
    for root in roots:
        below = sorted(root.rglob("*")) if root.is_dir() else [root]
        for file in below:
            if file.is_file() and "__pycache__" not in file.parts:
                summary.update(file.name.encode() + b"\0" + file.read_bytes())
    return summary.hexdigest()[:16]


def folder(base: Path, roots: Iterable[Path]) -> Path:
    """The cache folder below ``base`` for what stands at ``roots`` now; older ones are removed.

    jupyter-cache's key leaves out the package, the lock and the versions: here they name the
    folder, so that a change of them runs the pages again.
    """
    mine = base / digest(roots)
    for other in base.glob("*"):
        if other != mine:
            shutil.rmtree(other)
    return mine


def create(cache: Path) -> None:
    """Make the ``cache``: two processes that both made its tables would be in each other's way."""
    get_cache(str(cache)).list_cache_records()


def mend(cache: Path) -> None:
    """Remove the ``cache`` if a page in it cannot be read, as after a kill or on a full disk."""
    try:
        pages = get_cache(str(cache))
        for record in pages.list_cache_records():
            pages.get_cache_bundle(record.pk)
    except (RuntimeError, LookupError, OSError, ValueError):
        shutil.rmtree(cache)


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

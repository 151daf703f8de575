"""A way to run a program that sorts what it reads into two folders: what is good, what is not."""

import json
from collections.abc import Sequence
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.drive import lay
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import json_objects
from streamdocs.recording.tables import Table

GOOD, BAD = "buenos", "malos"
"""The folders."""


def sorted_out(attempt: Attempt, texts: Data) -> list[Table]:
    """Lay the files, let the program end by itself, and read both folders of SALIDA.

    The last file comes when it has ended once: then it is started again.
    """
    names = ("entrada", "salida", "checkpoint")
    folders = {name.upper(): str(attempt.home / name) for name in names}
    for first, some in ((0, texts[:-1]), (len(texts) - 1, texts[-1:])):
        lay(attempt, some, first, suffix="txt")
        attempt.start(**folders)
        attempt.finish()
    # How often they are read is not asked: a table that is used twice may be read twice.
    if not attempt.rows_read(folders["ENTRADA"]):
        raise StreamdocsError("Ninguna consulta ha leído la carpeta que dice ENTRADA.")
    return [_rows(attempt.home / "salida", name) for name in (GOOD, BAD)]


def objects(folder: str, found: Sequence[dict[str, object]]) -> Table:
    """The JSON objects of a folder, each with its names in alphabetical order."""
    shown = [json.dumps(each, sort_keys=True, ensure_ascii=False) for each in found]
    return Table(("carpeta", "objeto"), tuple((folder, line) for line in shown))


def _rows(place: Path, folder: str) -> Table:
    return objects(folder, json_objects(place / folder))

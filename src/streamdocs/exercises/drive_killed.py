"""A way to run a reader's program that kills it in the middle, and starts it again."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.checkpoint import numbers
from streamdocs.exercises.drive import forget_last, lay
from streamdocs.exercises.exercise import Data
from streamdocs.exercises.stores import stored
from streamdocs.recording.tables import Table


def killed(attempt: Attempt, texts: Data, kept: Callable[[Path], Table]) -> list[Table]:
    """Lay the files, kill the program after some micro-batches, and let it end when started again.

    Two tables: what is ``kept`` where SALIDA says then, and once it has run a third time, on a
    checkpoint as a program leaves it that dies after writing its last micro-batch and before
    noting it down. It is killed between two micro-batches: else, what was written would be chance.
    """
    folders = {name: attempt.home / name for name in ("entrada", "salida", "checkpoint")}
    env = {name.upper(): str(folder) for name, folder in folders.items()}
    lay(attempt, texts, 0)
    least = batches_before(texts)
    attempt.start(**env)
    between = partial(_between, attempt, folders["checkpoint"], least)
    attempt.wait(between, f"apunte en CHECKPOINT {least} micro-batches hechos, uno por fichero")
    attempt.stop()
    attempt.start(**env)
    attempt.finish()
    answer = [kept(folders["salida"])]
    forget_last(folders["checkpoint"])
    attempt.start(**env)
    attempt.finish()
    return [*answer, kept(folders["salida"])]


def batches_before(texts: Data) -> int:
    """How many micro-batches at least are done when the program is killed: 5 or 6."""
    return 5 + len(texts[0].splitlines()) % 2


def _between(attempt: Attempt, checkpoint: Path, least: int) -> bool:
    """Whether the program, which is then held, has done so many micro-batches and is in none."""
    if _rests(checkpoint, least):
        attempt.pause()
        if _rests(checkpoint, least):
            return True
        attempt.pause(False)
    return False


def _rests(checkpoint: Path, least: int) -> bool:
    done, begun = (numbers(checkpoint / name) for name in ("commits", "offsets"))
    return len(done) >= least and done == begun


def json_below(folder: Path) -> Table:
    """The rows of the JSON files in ``folder`` and below it."""
    files = folder.rglob("*.json")
    return stored([json.loads(line) for file in files for line in file.read_text().splitlines()])


def sqlite_table(file: Path, table: str) -> Table:
    """The rows of a ``table`` in a ``file`` of SQLite; none if there is no such table."""
    with closing(sqlite3.connect(file)) as database:
        database.row_factory = sqlite3.Row
        known = database.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchall()
        rows = database.execute(f'SELECT * FROM "{table}"').fetchall() if known else []
    return stored([dict(row) for row in rows])

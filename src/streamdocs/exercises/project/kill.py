"""How a program is made to die between two things that belong together."""

import sqlite3
from contextlib import closing
from pathlib import Path

_TRIGGER = "comprueba_corta"


def fail_writes(base: Path) -> None:
    """From now on, a row that is written into ``pagos`` is an error, as on a full disk."""
    with closing(sqlite3.connect(base)) as database:
        # Who has no such table is told so when the store is read.
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'pagos'").fetchone():
            database.execute(
                f"CREATE TRIGGER {_TRIGGER} BEFORE INSERT ON pagos "
                "BEGIN SELECT RAISE(ABORT, 'no queda sitio en el disco'); END"
            )


def allow_writes(base: Path) -> None:
    """Undo ``fail_writes``."""
    with closing(sqlite3.connect(base)) as database:
        database.execute(f"DROP TRIGGER IF EXISTS {_TRIGGER}")

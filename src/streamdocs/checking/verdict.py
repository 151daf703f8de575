"""What the last build of a site said, for the tests and for the next build.

Sphinx says what is wrong once, on a terminal; the next build says nothing of pages that it does not
read again. Here it stays, in a file beside the doctrees.
"""

from pathlib import Path

import msgspec

_NAME = "streamdocs-verdict.json"


class Verdict(msgspec.Struct, frozen=True):
    """A build of a site, while it runs and after it.

    Attributes:
        cache: the folder of the executed pages that it used.
        finished: whether it came to its end; not one that was killed, or that runs.
        said: its warnings and errors, each with its place: «docs/hola/sql.md:12: …».
        wrong: the pages that printed something else than they must.
        not_run: the pages that were not executed, since what they need could not be had.
    """

    cache: str
    finished: bool = False
    said: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    not_run: tuple[str, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with the site; nothing, if it is green."""
        return self.said if self.finished else (*self.said, "la construcción no ha terminado")

    def save(self, doctrees: Path) -> None:
        """Keep it in the folder of the site's doctrees."""
        doctrees.mkdir(parents=True, exist_ok=True)
        (doctrees / _NAME).write_bytes(msgspec.json.encode(self))


def load(doctrees: Path) -> Verdict | None:
    """The verdict kept in ``doctrees``; None if no build ever began, or it cannot be read."""
    try:
        return msgspec.json.decode((doctrees / _NAME).read_bytes(), type=Verdict)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return Verdict("")

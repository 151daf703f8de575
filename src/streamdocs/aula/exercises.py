"""The reader's own programs: kept in a folder that stays, and checked as the program does it."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from streamdocs.aula import fetch
from streamdocs.aula.place import Place
from streamdocs.course import needs
from streamdocs.exercises import files
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.system import guard

_PYTHON = (sys.executable, "-m")
_APART = (*_PYTHON, "streamdocs.system.netns")
_QUIET = asyncio.subprocess.DEVNULL


@dataclass(frozen=True)
class Checked:
    """What came of a check, as ``streamdocs comprueba`` tells it."""

    right: bool
    report: str


class Exercises:
    """The programs that a reader writes."""

    def __init__(self, folder: Path, place: Place) -> None:
        """They are files in ``folder``; what checks them runs in ``place``, and ends with it."""
        self._folder = folder
        self._place = place
        self._checking = asyncio.Lock()

    def file(self, name: str) -> Path:
        """Where the program of an exercise is kept. Raises KeyError where there is none."""
        return self._folder / f"{EXERCISES[name].name}.py"

    def text(self, name: str) -> str:
        """What is kept, or the program to begin with. Raises KeyError as ``file``."""
        file = self.file(name)
        return (file if file.exists() else files.folder() / file.name).read_text("utf-8")

    def keep(self, name: str, text: str) -> None:
        """Keep what the reader has written; whole, or as it was. Raises KeyError as ``file``."""
        file = self.file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_suffix(".nuevo")
        fresh.write_text(text, "utf-8")
        fresh.replace(file)

    async def check(self, name: str) -> Checked:
        """Check the kept program; one at a time. Raises KeyError as ``file``."""
        file = str(self.file(name))
        order = (*_PYTHON, "streamdocs.cli", "comprueba", name, "--fichero", file)
        async with self._checking:
            # A network of its own has no way to Maven Central: what it needs is fetched before.
            needed = needs.kafka([files.solution(EXERCISES[name])])
            if needed and (lacking := await fetch.kafka()):
                return Checked(False, lacking)
            # In a network of its own: the reader's nc may have the ports, and a build the turn.
            before = _APART if await _possible() else ()
            code, report = await self._run([*before, *order])
        return Checked(code == 0, report)

    async def _run(self, command: Sequence[str]) -> tuple[int, str]:
        # Killed, a check leaves its folder behind: it goes with ours.
        own = {"TMPDIR": str(self._place.tmp), guard.TAG: self._place.shared("check").tag}
        env = {**os.environ, **own}
        pipe, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
        process = await asyncio.create_subprocess_exec(
            *command, stdin=_QUIET, stdout=pipe, stderr=both, env=env, start_new_session=True
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode("utf-8", "replace")


async def _possible() -> bool:
    """Whether the system lets a process have a network of its own."""
    trying = await asyncio.create_subprocess_exec(*_APART, "true", stdout=_QUIET, stderr=_QUIET)
    return await trying.wait() == 0

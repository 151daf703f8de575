"""Tries the transcript of one example on one release: it goes as written, or how it does not."""

from __future__ import annotations

import doctest
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from streamdocs.checking import transcript
from streamdocs.checking.transcript import TranscriptError
from streamdocs.course import examples, needs
from streamdocs.running import settle
from streamdocs.running.build import Build
from streamdocs.system.terminal import Terminal

Verdict = Literal["igual", "distinto", "no", "no se sabe"]

_LONGEST = 160
_RAISED = re.compile(r"^(?:[\w.]+\.)?(\w+(?:Error|Exception|Exit)): (.*)$", re.MULTILINE)
_PATH = re.compile(r"(?:\w+:)*/(?:[\w.!-]+/)+[\w.!-]*")
_TORN = re.compile(r"\s+")


@dataclass(frozen=True)
class Outcome:
    """How an example went: as written, with another answer, with an error, or nobody knows.

    ``why`` is the first answer that differs, the error, or what was not to be had.
    """

    verdict: Verdict
    why: str = ""


def transcripts(folder: Path) -> list[Path]:
    """The examples below ``folder`` that have a transcript."""
    scripts = sorted(folder.rglob("*.py"))
    return [each for each in scripts if transcript.parse(examples.docstring(each))]


def replay(
    build: Build, script: Path, edit: Callable[[Path], None], env: Callable[..., dict[str, str]]
) -> Outcome:
    """Replay the transcript of ``script``, in a home that ``edit`` may change first.

    ``env`` makes the terminals' environment of the build's own.
    """
    text = examples.docstring(script)
    if needs.kafka([text]):
        build.start_kafka(empty=True)
    home = build.workspace.new_home()
    edit(home.path)
    environment = env(build.workspace.environment(home))
    user = needs.user(text)
    try:
        transcript.replay(
            transcript.parse(text), lambda name: Terminal(name, home.path, environment, user)
        )
    except TranscriptError as error:
        logs = [log.read_text("utf-8", "replace") for log in sorted(home.path.glob("*.txt"))]
        return outcome(str(error), logs, over=error.over)
    finally:
        build.workspace.end(home)
    return Outcome("igual")


def outcome(said: str, logs: Iterable[str], *, over: bool = False) -> Outcome:
    """What a transcript that failed with ``said`` found: an error, in it or in ``logs``, or else.

    ``said`` holds a diff: with «-» what was written, with «+» what was seen; ``over``, if that
    was all.
    """
    seen = "\n".join(line[1:] for line in said.split("\n") if re.match(r"\+(?!\+\+)", line))
    for text in (seen, *logs):
        raised = _RAISED.findall(text) if "Traceback" in text else []
        if raised:
            name, message = raised[-1]
            return Outcome("no", _short(f"{name}: {message}"))
    wanted = [line[1:] for line in said.split("\n") if re.match(r"-(?!--)", line)]
    # The frame of a table says nothing by itself.
    lines = [line for line in _told(said) if re.search(r"\w", line)]
    others = [line for line in lines if not any(_alike(one, line) for one in wanted)]
    if others:
        return Outcome("distinto", _short(others[0]))
    unseen = [one for one in wanted if not any(_alike(one, line) for line in lines)]
    lacking = (unseen or [said])[0]
    if over:
        return Outcome("distinto", _short(f"acaba sin que salga: {lacking}"))
    # It may have been about to come.
    what = "acabado" if lacking == transcript.PROMPT else f"salido: {lacking}"
    return Outcome("no se sabe", _short(f"a los {settle.DEADLINE:g} s no había {what}"))


def _told(said: str) -> Iterator[str]:
    """The lines that were seen, without those for which «...» stands in what was written."""
    for hunk in re.split(r"^(?:[^-+].*|---.*|\+\+\+.*|)\n", f"{said}\n", flags=re.MULTILINE):
        wanted, seen = (
            re.findall(rf"^{re.escape(sign)}(.*)$", hunk, re.MULTILINE) for sign in "-+"
        )
        if "..." in wanted:
            after = len(wanted) - wanted.index("...") - 1
            del seen[wanted.index("...") : len(seen) - after]
        yield from seen


def _alike(wanted: str, seen: str) -> bool:
    """Whether a line is as written, where «...» stands for what varies in it."""
    if wanted.strip() in {"", "..."}:
        return wanted.strip() == seen.strip()
    return bool(doctest.OutputChecker().check_output(wanted, seen, doctest.ELLIPSIS))


def _short(text: str) -> str:
    # A path tells of the machine, and nothing of Spark.
    one_line = _TORN.sub(" ", _PATH.sub("…", text)).strip()
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"

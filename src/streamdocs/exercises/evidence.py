"""Evidence of a try that somebody else can run again: one file, which a browser opens, too."""

import hashlib
import html
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.check import Verdict

_BEGINS = '<script type="application/json" id="informe">'
_ENDS = "</script>"
_LARGEST = 1_000_000
"""Bytes: a program of a class has a few thousand."""


class EvidenceError(StreamdocsError):
    """A file is no evidence, or not what it was when it was written."""


@dataclass(frozen=True)
class Try:
    """What was tried: by whom, which exercise, with which seed, and in how many seconds.

    Attributes:
        programs: the code of each file; the project has several.
    """

    author: str
    exercise: str
    seed: int
    programs: Mapping[str, str]
    seconds: float


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A try, whole.

    Attributes:
        author: whose it is, as they said.
        exercise: its name.
        seed: what its data were made of.
        passed: whether it was right.
        problems: what was wrong.
        mistake: what the program seemed to do instead, if it is a known mistake.
        when: the instant of the try, in ISO 8601, UTC.
        seconds: how long the check took.
        versions: those of Python, PySpark and streamdocs.
        programs: the code of each file.
        sha256: that of the programs, in hexadecimal.
    """

    author: str
    exercise: str
    seed: int
    passed: bool
    problems: tuple[str, ...]
    mistake: str
    when: str
    seconds: float
    versions: dict[str, str]
    programs: dict[str, str]
    sha256: str


def of(tried: Try, verdict: Verdict) -> Evidence:
    """The evidence of what has just been ``tried``, and came to this ``verdict``."""
    versions = {name: version(name) for name in ("pyspark", "streamdocs")}
    return Evidence(
        author=tried.author,
        exercise=tried.exercise,
        seed=tried.seed,
        passed=not verdict.problems,
        problems=verdict.problems,
        mistake=verdict.mistake,
        when=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        seconds=round(tried.seconds, 1),
        versions={"python": platform.python_version(), **versions},
        programs=dict(tried.programs),
        sha256=digest(tried.programs),
    )


def digest(programs: Mapping[str, str]) -> str:
    """The SHA-256 of programs, with their names and in their order, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(list(programs.items()))).hexdigest()


def write(evidence: Evidence, file: Path) -> None:
    """Write a page that opens by itself, with all of it in JSON inside; its folder may be new."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_whole(evidence).encode())


def place(file: Path) -> None:
    """Raise EvidenceError where a report must not be written: over anything but another report."""
    if file.suffix != ".html" or file.is_dir():
        raise EvidenceError(f"El informe es un fichero .html: {file} no lo es.")
    if file.exists():
        try:
            read(file)
        except EvidenceError as error:
            raise EvidenceError(f"Ya hay un {file}, y {error}: no lo toco.") from error


def _whole(evidence: Evidence) -> str:
    # In a script, only what could end it must not stand as it is.
    data = msgspec.json.format(msgspec.json.encode(evidence)).decode().replace("<", "\\u003c")
    return _page(evidence, data)


def read(file: Path) -> Evidence:
    """The evidence that ``write`` left in ``file``.

    Raises EvidenceError when there is none, or when what the page shows, or the checksum of the
    code, is not what its data say. Who changes all of it alike is found out by a run.
    """
    if file.stat().st_size > _LARGEST:
        raise EvidenceError("no es un informe de «comprueba»: es demasiado grande")
    text = file.read_text("utf-8", "replace")
    _, _, rest = text.partition(_BEGINS)
    try:
        found = msgspec.json.decode(rest.partition(_ENDS)[0], type=Evidence)
    except msgspec.MsgspecError as error:
        raise EvidenceError("no es un informe de «comprueba», o está roto") from error
    if not found.programs:
        raise EvidenceError("no trae ningún programa")
    if found.sha256 != digest(found.programs):
        raise EvidenceError("está retocado: su código no es el que se comprobó")
    if found.passed == bool(found.problems):
        raise EvidenceError("está retocado: el resultado no es el de sus fallos")
    # Another version may have drawn the page in another way: that it is another is said, too.
    if found.versions.get("streamdocs") == version("streamdocs") and text != _whole(found):
        raise EvidenceError("está retocado: lo que enseña no es lo que se comprobó")
    return found


def _page(evidence: Evidence, data: str) -> str:
    said = "bien" if evidence.passed else "todavía no"
    rows = {
        "De": evidence.author or "(sin nombre)",
        "Cuándo": evidence.when,
        "Semilla": str(evidence.seed),
        "Duración": f"{evidence.seconds:.1f} s".replace(".", ","),
        "Versiones": ", ".join(f"{name} {number}" for name, number in evidence.versions.items()),
        "SHA-256 del código": evidence.sha256,
    }
    table = "".join(
        f"<tr><th scope=row>{html.escape(name)}<td>{html.escape(value)}\n"
        for name, value in rows.items()
    )
    seems = f"Parece un programa que {evidence.mistake}." if evidence.mistake else ""
    lines = filter(None, (*evidence.problems, seems))
    wrong = "".join(f"<li>{html.escape(line)}\n" for line in lines)
    again = html.escape(f"streamdocs comprueba {evidence.exercise} --semilla {evidence.seed}")
    programs = "".join(
        f'<h2>{html.escape(name)}</h2>\n<pre tabindex="0">{html.escape(code)}</pre>\n'
        for name, code in evidence.programs.items()
    )
    [first, *others] = map(html.escape, evidence.programs)
    where = f"los programas en una carpeta {html.escape(evidence.exercise)}" if others else first
    why = f"<h2>Qué falla</h2>\n<ul>\n{wrong}</ul>\n" if wrong else ""
    return f"""<!doctype html>
<html lang="es">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{html.escape(evidence.exercise)}: {said}</title>
<style>{_STYLE}</style>
<h1 class="{"bien" if evidence.passed else "no"}">{html.escape(evidence.exercise)}: {said}</h1>
<table>
{table}</table>
{why}{programs}<h2>Para repetirlo</h2>
<p>Guarda {where} y teclea:</p>
<pre tabindex="0">{again}</pre>
{_BEGINS}{data}{_ENDS}
</html>
"""


_STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5dbe1, #3c4653);
  --ground: light-dark(#f6f8fa, #1a212a); --good: light-dark(#0b6b5d, #6fd3b9);
  --bad: light-dark(#9a4a00, #f4bf62) }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 0 auto; padding: 1.5rem 1rem;
  color: light-dark(#1c2530, #dde4ec); background: light-dark(#fff, #12171d) }
h1 { font-size: 1.6rem; line-height: 1.2; padding-left: .75rem; border-left: .4rem solid }
h1.bien { border-color: var(--good) } h1.no { border-color: var(--bad) }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
table { width: 100%; border-collapse: collapse }
th, td { padding: .35rem .5rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line) }
th { width: 11rem; font-weight: 600 }
td, li { overflow-wrap: anywhere }
ul { padding-left: 1.25rem }
pre { overflow-x: auto; padding: .75rem 1rem; font-size: .875rem; border-radius: .5rem;
  border: 1px solid var(--line); background: var(--ground) }
@media (max-width: 30rem) { th { width: 6.5rem } }
@media print { pre { white-space: pre-wrap; overflow-wrap: anywhere } }
"""

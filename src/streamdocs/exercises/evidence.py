"""Evidence of a try that somebody else can run again: one file, which a browser opens, too."""

import hashlib
import html
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.check import Verdict

_BEGINS = '<script type="application/json" id="informe">'
_ENDS = "</script>"


class EvidenceError(StreamdocsError):
    """A file is no evidence, or not what it was when it was written."""


@dataclass(frozen=True)
class Try:
    """What was tried: by whom, which exercise, with which seed and code, in how many seconds."""

    author: str
    exercise: str
    seed: int
    code: str
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
        code: the program.
        sha256: that of the program in UTF-8, in hexadecimal.
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
    code: str
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
        code=tried.code,
        sha256=digest(tried.code),
    )


def digest(code: str) -> str:
    """The SHA-256 of a program, in hexadecimal."""
    return hashlib.sha256(code.encode()).hexdigest()


def write(evidence: Evidence, file: Path) -> None:
    """Write a page that opens by itself, with all of it in JSON inside."""
    # In a script, only what could end it must not stand as it is.
    data = msgspec.json.format(msgspec.json.encode(evidence)).decode().replace("<", "\\u003c")
    file.write_text(_page(evidence, data), "utf-8")


def read(file: Path) -> Evidence:
    """The evidence that ``write`` left in ``file``.

    Raises EvidenceError when there is none, or its code has another checksum than it says.
    """
    _, _, rest = file.read_text("utf-8", "replace").partition(_BEGINS)
    try:
        found = msgspec.json.decode(rest.partition(_ENDS)[0], type=Evidence)
    except msgspec.MsgspecError as error:
        raise EvidenceError(f"{file.name} no es un informe de «comprueba»: {error}.") from error
    if found.sha256 != digest(found.code):
        raise EvidenceError(f"{file.name} está retocado: su código no es el que se comprobó.")
    return found


def _page(evidence: Evidence, data: str) -> str:
    said = "bien" if evidence.passed else "todavía no"
    rows = {
        "Ejercicio": evidence.exercise,
        "Resultado": said,
        "De": evidence.author or "(sin nombre)",
        "Cuándo": evidence.when,
        "Semilla": str(evidence.seed),
        "Duración": f"{evidence.seconds:.1f} s".replace(".", ","),
        "Versiones": ", ".join(f"{name} {number}" for name, number in evidence.versions.items()),
        "SHA-256 del código": evidence.sha256,
    }
    table = "".join(
        f"<tr><th>{html.escape(name)}<td>{html.escape(value)}\n" for name, value in rows.items()
    )
    problems = "".join(f"<li>{html.escape(problem)}\n" for problem in evidence.problems)
    return f"""<!doctype html>
<html lang="es">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{html.escape(evidence.exercise)}: {said}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto }}
th {{ text-align: left; padding-right: 1rem; vertical-align: top }}
td {{ overflow-wrap: anywhere }}
pre {{ overflow-x: auto; border: 1px solid; padding: 1rem }}
</style>
<h1>{html.escape(evidence.exercise)}: {said}</h1>
<table>
{table}</table>
<ul>
{problems}</ul>
<p>Para repetirlo: guarda el código y comprueba el ejercicio con la misma semilla.</p>
<pre>{html.escape(evidence.code)}</pre>
{_BEGINS}{data}{_ENDS}
</html>
"""

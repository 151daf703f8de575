"""Find the programs that the course runs, and say how to install what is missing."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from streamdocs.errors import StreamdocsError, WaitTimeoutError
from streamdocs.system.java import OLDEST_JAVA, java_major


class MissingProgramError(StreamdocsError):
    """A program of the system is missing or too old."""


@dataclass(frozen=True)
class Program:
    """The command of a program and the Debian packages that bring it, best first.

    A package that would start a ``service`` is installed without: it would listen on every address.
    """

    command: str
    packages: tuple[str, ...]
    service: bool = False


PROGRAMS = {
    "java": Program("java", ("openjdk-21-jre-headless", "openjdk-17-jre-headless")),
    "nc": Program("nc.openbsd", ("netcat-openbsd",)),
    "ncat": Program("ncat", ("ncat",)),
    "nc.traditional": Program("nc.traditional", ("netcat-traditional",)),
    "chromium": Program("chromium", ("chromium",)),
    "prometheus": Program("prometheus", ("prometheus",), service=True),
    "alertmanager": Program("prometheus-alertmanager", ("prometheus-alertmanager",), service=True),
    "hunspell": Program("hunspell", ("hunspell",)),
    "diccionario": Program("/usr/share/hunspell/es_ES.dic", ("hunspell-es",)),
}


NO_SERVICES = (
    "--no-install-recommends",
    "-o=Dpkg::Options::=--path-exclude=*/systemd/system/*",
    "-o=Dpkg::Options::=--path-exclude=/etc/init.d/*",
)
"""Options of apt that leave out what starts services, now and when the machine starts."""


def java() -> Path:
    """Path of the ``java`` that Spark will use: that of ``JAVA_HOME``, else the one on ``PATH``.

    Raises MissingProgramError when there is none or it is older than OLDEST_JAVA.
    """
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None and home:
        raise MissingProgramError(
            f"No encuentro java en JAVA_HOME={home}: quita esa variable, o pon en ella la carpeta "
            f"de un Java {OLDEST_JAVA} o posterior."
        )
    if found is None:
        raise MissingProgramError(f"No encuentro java en el PATH: {_advice('java')}")
    try:
        major = java_major(found)
    except WaitTimeoutError as error:
        raise MissingProgramError(f"{error} Si no tiene arreglo, {_advice('java')}") from None
    if major < OLDEST_JAVA:
        raise MissingProgramError(
            f"{found} es Java {major} y Spark necesita Java {OLDEST_JAVA} o posterior: "
            f"{_advice('java')}"
        )
    return Path(found)


def java_home() -> Path:
    """The folder that JAVA_HOME should name for ``java``.

    Raises MissingProgramError as there, and where ``java`` is a script that finds another one.
    """
    found = java()
    home = found.resolve().parent.parent
    if not (home / "release").exists():
        raise MissingProgramError(
            f"{found} no está en la carpeta de un Java: pon esa carpeta en JAVA_HOME."
        )
    return home


def find(name: str) -> Path:
    """Path of the program called ``name`` in PROGRAMS; MissingProgramError when it is missing."""
    if name == "java":
        java_home()
        return java()
    found = shutil.which(PROGRAMS[name].command) or PROGRAMS[name].command
    if not Path(found).exists():
        raise MissingProgramError(f"No encuentro {PROGRAMS[name].command}: {_advice(name)}")
    return Path(found)


def missing(names: Sequence[str]) -> dict[str, MissingProgramError]:
    """Those of ``names`` that cannot be found, with the reason of each."""
    lacking = {}
    for name in names:
        try:
            find(name)
        except MissingProgramError as error:
            lacking[name] = error
    return lacking


def install(names: Sequence[str]) -> None:
    """Install with apt, as root and after consent, what is missing of ``names``.

    Consent is ``CI=true`` in the environment or an «s» typed on a terminal. Raises
    MissingProgramError with the command to type when it may not or cannot install.
    """
    lacking = missing(names)
    if not lacking:
        return
    reasons = " ".join(str(error) for error in lacking.values())
    if os.geteuid() != 0 or not shutil.which("apt-get") or not _consent(list(lacking)):
        raise MissingProgramError(reasons)
    for command in (["apt-get", "update", "-qq"], install_command(list(lacking))):
        print("Ejecuto:", " ".join(command), flush=True)
        subprocess.run(command, check=True, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    java_major.cache_clear()
    still = missing(names)
    if still:
        raise MissingProgramError(" ".join(str(error) for error in still.values()))


def install_command(names: Sequence[str]) -> list[str]:
    """The apt command that installs the programs called ``names``."""
    programs = [PROGRAMS[name] for name in names]
    options = NO_SERVICES if any(program.service for program in programs) else ()
    return ["apt-get", "install", "-y", *options, *map(_package, programs)]


def _consent(names: Sequence[str]) -> bool:
    if os.environ.get("CI") == "true":
        return True
    if not sys.stdin.isatty():
        return False
    question = f"Falta {', '.join(names)}. ¿Ejecuto «{shlex.join(install_command(names))}»? [s/N] "
    return input(question).strip().lower() == "s"


def _package(program: Program) -> str:
    """The first of the program's packages that this system's apt knows."""
    for package in program.packages:
        known = subprocess.run(["apt-cache", "show", package], capture_output=True)
        if known.returncode == 0:
            return package
    return program.packages[-1]


def _advice(name: str) -> str:
    if not shutil.which("apt-get"):
        return f"instala {PROGRAMS[name].packages[-1]} o su equivalente en tu sistema."
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"instálalo con «{sudo}{shlex.join(install_command([name]))}»."


def main() -> None:
    """Entry point of ``python -m streamdocs.system.programs NAME…``."""
    parser = argparse.ArgumentParser(description="Comprueba (e instala) los programas del curso.")
    parser.add_argument("names", nargs="+", choices=sorted(PROGRAMS), metavar="PROGRAMA")
    try:
        install(parser.parse_args().names)
    except (MissingProgramError, subprocess.CalledProcessError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

"""The check of one exercise: ``python -m streamdocs.exercises NAME``."""

import argparse
import random
import sys
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict, check
from streamdocs.running.build import Build


def report(name: str, verdict: Verdict) -> str:
    """What to tell the reader."""
    if not verdict.problems:
        return f"{name}: bien. Tu programa responde lo que debe a datos que no conocía."
    problems = "".join(f"\n  {problem}" for problem in verdict.problems)
    lines = [line for piece in verdict.data for line in piece.splitlines()]
    data = "".join(f"\n  {line}" for line in lines)
    return f"{name}: todavía no.{problems}" + (f"\nTu programa ha recibido:{data}" if data else "")


def main(root: Path, name: str | None, seed: int) -> int:
    """Check the exercise ``name`` of the course at ``root``; list them all if it is none."""
    if name not in EXERCISES:
        print("Ejercicios:", *(f"\n  {e.name:18}{e.title}" for e in EXERCISES.values()))
        if name is None:
            return 0
        sys.exit(f"No hay ningún ejercicio que se llame {name}.")
    file = root / "examples" / "ejercicios" / f"{name}.py"
    with Build(root / "examples", lambda event: None) as build:
        build.open()
        print(f"Ejecuto {file.relative_to(root)} con datos nuevos (semilla {seed})…", flush=True)
        verdict = check(build, EXERCISES[name], file, seed)
    print(report(name, verdict))
    return 1 if verdict.problems else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Comprueba un ejercicio del curso.")
    parser.add_argument("name", nargs="?", metavar="NOMBRE")
    parser.add_argument("--semilla", type=int, help="repite los datos de otra vez")
    options = parser.parse_args()
    chosen = random.randrange(10**6) if options.semilla is None else options.semilla
    try:
        sys.exit(main(Path.cwd(), options.name, chosen))
    except StreamdocsError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("\nInterrumpido: no queda nada en marcha.")

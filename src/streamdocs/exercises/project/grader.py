"""The hostile grader: the five steps of the project, each by itself or all of them."""

from collections.abc import Callable, Mapping
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.check import unfinished
from streamdocs.exercises.project import dashboard, data, expected, sender, store, verdict
from streamdocs.exercises.project.expected import Sent
from streamdocs.exercises.project.run import Run
from streamdocs.running.build import Build

FILES: Mapping[int, str] = {
    1: "productor.py",
    2: "pagos.py",
    3: "pagos.py",
    4: "pagos.py",
    5: "tablero.py",
}
"""The program of each step."""

_TABLES: Mapping[int, tuple[str, ...]] = {
    2: ("pagos", "rechazados"),
    3: ("pagos", "rechazados", "ventanas"),
    4: ("pagos", "rechazados", "ventanas", "hechos"),
}


def check(
    build: Build, folder: Path, seed: int, step: int | None = None, *, tell: Callable[[str], None]
) -> tuple[str, ...]:
    """What is wrong with the programs in ``folder``: in one step, or in the first that is.

    All of them means the steps 1, 4 (which asks all that 2 and 3 ask) and 5.
    """
    for number in (step,) if step else (1, 4, 5):
        tell(f"Paso {number}: ejecuto {FILES[number]}…")
        found = _check(build, folder / FILES[number], seed, number)
        if found:
            return tuple(found)
    return ()


def _check(build: Build, file: Path, seed: int, step: int) -> list[str]:
    if not file.is_file():
        return [f"No hay ningún {file.name}: «streamdocs empieza proyecto» lo crea."]
    gaps = unfinished(file)
    if gaps:
        return [f"{file.name}:{line}: falta tu código." for line in gaps]
    if step != 5:
        build.start_kafka()
    attempt = Attempt(build, file)
    try:
        return _tried(attempt, data.phases(seed), seed, step)
    except StreamdocsError as error:
        return [str(error)]
    finally:
        attempt.stop()


def _tried(attempt: Attempt, phases: tuple[data.Phase, ...], seed: int, step: int) -> list[str]:
    if step == 1:
        return sender.problems(attempt, phases[0])
    if step == 5:
        return _dashboard(attempt, phases)
    run = Run(attempt, seed)
    tried = run.hostile(phases, expected.QUERIES) if step == 4 else run.quiet(phases)
    return verdict.problems(tried, store.read(run.base, _TABLES[step]))


def _dashboard(attempt: Attempt, phases: tuple[data.Phase, ...]) -> list[str]:
    """With the store that the other steps leave when they are right."""
    sent = [Sent(each, 0, 0, number) for number, phase in enumerate(phases) for each in phase]
    windows = expected.windows(sent)
    base = attempt.home / "bizums.db"
    store.write(base, {"ventanas": windows, "pagos": expected.payments(sent)})
    return dashboard.problems(attempt, base, windows)

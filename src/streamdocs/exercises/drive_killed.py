"""A way to run a reader's program that kills it in the middle, and starts it again."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.checkpoint import numbers
from streamdocs.exercises.drive import forget_last, lay
from streamdocs.exercises.exercise import Data
from streamdocs.recording.tables import Table


def killed(
    attempt: Attempt, texts: Data, kept: Callable[[Path], Table], *, half: bool = False
) -> list[Table]:
    """Lay the files, kill the program after some micro-batches, and let it end when started again.

    Two tables: what is ``kept`` where SALIDA says then, and once it has run a third time, on a
    checkpoint as a program leaves it that dies after writing its last micro-batch and before
    noting it down. It is killed between two micro-batches: else, what was written would be chance.

    With ``half``, one table more: it runs a fourth time, as if it had died while it wrote it.
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
    for leaves_half in (False, True)[: 1 + half]:
        forget_last(folders["checkpoint"])
        if leaves_half:
            _leave_half(folders["salida"])
        attempt.start(**env)
        attempt.finish()
        answer.append(kept(folders["salida"]))
    return answer


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


def _leave_half(store: Path) -> None:
    """Empty the folder that the last micro-batch has filled, if each has its own in ``store``.

    So it is while Spark writes: the folder is there, and it moves the files into it at last.
    """
    if (store / "_spark_metadata").exists() or not store.is_dir():
        return
    own = [folder for folder in store.iterdir() if folder.is_dir() and folder.name[0] not in "_."]
    if own:
        last = max(own, key=lambda folder: folder.stat().st_mtime_ns)
        for file in filter(Path.is_file, last.iterdir()):
            file.unlink()

"""The notes of a query's checkpoint: which micro-batches it began, and which it has done."""

from pathlib import Path


def numbers(folder: Path) -> set[int]:
    """The micro-batches that a folder of a checkpoint has a note of."""
    return {int(file.name) for file in folder.glob("*") if file.name.isdecimal()}


def last_number(folder: Path) -> int:
    """The last of them; -1 if there is none."""
    return max(numbers(folder), default=-1)


def forget(checkpoint: Path) -> None:
    """Leave a checkpoint as a program leaves it that dies after writing, before noting it down."""
    commits = checkpoint / "commits"
    last = last_number(commits)
    for file in (commits / str(last), commits / f".{last}.crc"):
        file.unlink(missing_ok=True)

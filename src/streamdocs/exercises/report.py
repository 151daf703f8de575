"""What a reader is told of a try."""

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Console
from rich.panel import Panel
from rich.syntax import Syntax

from streamdocs.exercises.check import Verdict
from streamdocs.exercises.exercise import Exercise

_SIDE_BY_SIDE = 130
"""Columns of a terminal in which two programs stand beside each other."""


def told(exercise: Exercise, verdict: Verdict) -> str:
    """The verdict in words: what is wrong, what it looks like, and what the program was given."""
    if not verdict.problems:
        return f"{exercise.name}: bien. Tu programa responde lo que debe a datos que no conocía."
    lines = [line for number, piece in enumerate(verdict.data, 1) for line in _given(number, piece)]
    parts = [f"{exercise.name}: todavía no.", *(f"  {each}" for each in verdict.problems)]
    if verdict.mistake:
        parts.append(f"¿No será esto? Parece un programa que {verdict.mistake}.")
    if lines:
        parts += ["Tu programa ha recibido:", *(f"  {line}" for line in lines)]
    return "\n".join(parts)


def _given(number: int, piece: str) -> list[str]:
    """The lines of a piece of the data; a file's, below its number."""
    lines = piece.splitlines()
    return [f"(fichero {number})", *lines] if piece.endswith("\n") else lines


def project(problems: Sequence[str], step: int | None) -> list[str]:
    """The verdict on the project, or on one step of it, in words."""
    which = f"proyecto, paso {step}" if step else "proyecto"
    if problems:
        return [f"{which}: todavía no.", *(f"  {each}" for each in problems)]
    return [f"{which}: bien. Nada perdido y nada contado dos veces, con datos que no conocía."]


def compared(own: str, official: str) -> None:
    """Show two programs beside each other, or one below the other in a narrow terminal."""
    console = Console()
    shown = [
        Panel(Syntax(code, "python", background_color="default"), title=title)
        for title, code in (("El tuyo", own), ("La solución", official))
    ]
    if console.width >= _SIDE_BY_SIDE:
        console.print(Columns(shown, width=console.width // 2 - 1, equal=True))
    else:
        console.print(*shown, sep="\n")

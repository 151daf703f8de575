"""A piece of what a terminal shows, and whose it is."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["prompt", "typed", "output", "key"]


@dataclass(frozen=True)
class Segment:
    """A piece of what a terminal shows: the prompt, something typed, a program's output, a key."""

    kind: Kind
    text: str

"""What a terminal shows of what was written to it: an emulated screen, not a list of characters."""

import re
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from streamdocs.system.segment import Segment

# Line breaks and tabs apart, only these do more than stand where they are written.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def shown(text: str) -> str:
    """What a terminal shows of ``text`` when a program writes it."""
    return "".join(segment.text for segment in render([Segment("output", text)]))


def render(written: Iterable[Segment]) -> list[Segment]:
    """What an empty screen shows once all that is ``written`` has come, and whose each piece is.

    Lines are as long as they need, and the screen is as high: nothing is wrapped or scrolled away.
    """
    pieces = [Segment(piece.kind, piece.text.replace("\r\n", "\n")) for piece in written]
    if not any(_CONTROL.search(piece.text) for piece in pieces):
        return _joined(pieces)
    # Few pages need it, and every build and every kernel would wait for its import.
    from streamdocs.system.emulator import emulated

    return _joined(emulated(pieces))


def _joined(pieces: Iterable[Segment]) -> list[Segment]:
    """The ``pieces`` with neighbours of the same kind as one; a key counts without text, too."""
    seen = (piece for piece in pieces if piece.text or piece.kind == "key")
    return [
        Segment(kind, "".join(piece.text for piece in alike))
        for kind, alike in groupby(seen, attrgetter("kind"))
    ]

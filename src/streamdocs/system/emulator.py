"""The emulated screen of a terminal, for what does more than stand where it is written.

A module of its own, since what it imports is slow: ``screen`` does so when it meets such a text.
"""

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import cast

import pyte
from pyte.screens import Char, wcwidth

from streamdocs.system.segment import Kind, Segment

# What changes nothing that is seen, and pyte would show in part: strings for the terminal itself,
# character sets, and control sequences with parameters that are no numbers.
_SILENT = re.compile(
    r"\x1b[]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)"
    r"|\x1b[ -\"$-/]+[0-~]"
    r"|\x1b\[[\d;?]*[ -/:<=>][ -?]*[@-~]"
)
_SEQUENCE = re.compile(r"(\x1b\[[\d;?]*[@-~])")


def emulated(written: Iterable[Segment]) -> list[Segment]:
    """What an empty screen shows once all that is ``written`` has come, character by character."""
    screen = _Screen(80, 24)
    stream = pyte.Stream(screen)
    for piece in written:
        screen.write(piece, stream)
    return screen.segments()


class _Screen(pyte.Screen):
    """A screen that grows, and knows of each character whose it is: that is its only colour."""

    _kind: Kind = "output"

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._ends: dict[int, Kind] = {}
        self._keys: set[tuple[int, int]] = set()

    def write(self, piece: Segment, stream: pyte.Stream) -> None:
        """Take in a piece by ``stream``; of a sequence that makes no sense, nothing is seen."""
        self._kind = piece.kind
        if piece.kind == "key":
            self._keys.add((self.cursor.y, self.cursor.x))
        for part in _SEQUENCE.split(_SILENT.sub("", piece.text).replace("\n", "\r\n")):
            with suppress(TypeError, UnboundLocalError, AssertionError):
                stream.feed(part)

    def draw(self, data: str) -> None:
        """Write printable text at the cursor; what takes no place of its own joins what is before.

        pyte's own leaves out all that follows a character without width.
        """
        for char in data:
            row, x, width = self.buffer[self.cursor.y], self.cursor.x, wcwidth(char)
            if width > 0:
                self._widen(x + width)
                if pyte.modes.IRM in self.mode:
                    self.insert_characters(width)
                row[x] = Char(char, self._kind)
                if width == 2:
                    row[x + 1] = Char("", self._kind)
                self.cursor.x += width
            elif width == 0 and x:
                row[x - 1] = row[x - 1]._replace(data=row[x - 1].data + char)

    def tab(self) -> None:
        """Go to the next multiple of eight, however far to the right."""
        self._widen(self.cursor.x + 8)
        self.cursor.x += 8 - self.cursor.x % 8

    def index(self) -> None:
        """Go down, on a screen without an end."""
        self._ends[self.cursor.y] = self._kind
        self.lines = max(self.lines, self.cursor.y + 2)
        super().index()

    def select_graphic_rendition(self, *attrs: int, **_: bool) -> None:
        """Leave colours out."""

    def _widen(self, column: int) -> None:
        self.columns = max(self.columns, column + 1)

    def segments(self) -> list[Segment]:
        """What is to be seen, in the order of reading."""
        cells = [(y, x, row[x]) for y, row in self.buffer.items() for x in range(_end(row))]
        last = max([self.cursor.y, *(y for y, _, _ in cells)])
        placed = {(y, x, 0): Segment("key", "") for y, x in self._keys}
        placed |= {(y, x, 1): Segment(_kind(cell), cell.data) for y, x, cell in cells}
        ends = {(y, self.columns, 2): self._ends.get(y, "output") for y in range(last)}
        placed |= {place: Segment(kind, "\n") for place, kind in ends.items()}
        return [placed[place] for place in sorted(placed)]


def _kind(cell: Char) -> Kind:
    return "output" if cell.fg == "default" else cast("Kind", cell.fg)


def _end(row: Mapping[int, Char]) -> int:
    """Where the last character of ``row`` ends: what is erased is none."""
    return max((x + 1 for x, cell in row.items() if cell.fg != "default"), default=0)

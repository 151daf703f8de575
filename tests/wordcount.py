"""Python's own count of the words that were typed, to hold Spark's tables against."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbformat import NotebookNode

from streamdocs.checking import expected

_BATCH = re.compile(r"^Batch: (\d+)\n-+\n((?:[+|].*\n)+)", re.MULTILINE)
_SERVER = re.compile(r"\b(nc|ncat) -\w*l")


@dataclass
class Count:
    """What a running query has been sent, and what its last batch should print."""

    mode: str
    empty_too: bool
    words: Counter[str] = field(default_factory=Counter)
    fresh: set[str] = field(default_factory=set)

    def send(self, lines: list[str]) -> None:
        """Lines came at once: their words count, and are what ``update`` shows."""
        words = [word for line in lines for word in line.split(" ") if word or self.empty_too]
        self.words.update(words)
        self.fresh = set(words)

    @property
    def table(self) -> Counter[str]:
        """The rows that the batch of the last line must have."""
        if self.mode == "complete":
            return self.words
        return Counter({word: self.words[word] for word in self.fresh})


def tables(text: str) -> Iterator[tuple[int, Counter[str]]]:
    """The word counts that the console sink printed: number of the batch, and its rows."""
    for number, table in _BATCH.findall(text):
        header, *rows = [line.strip("|").split("|") for line in table.splitlines() if "|" in line]
        if len(header) == 2:
            yield int(number), Counter({word.strip(): int(count) for word, count in rows})


def check(notebook: NotebookNode) -> int:
    """Compare each batch of a page's word counts with Python's; how many tables were compared.

    Follows the cells: ``outputMode`` and MODO set the mode, ``start()`` begins a count, a line
    typed into a terminal where nc listens is sent, and is one batch. Only queries of the page's
    own session.
    """
    serving: dict[str, bool] = {}
    mode, empty_too, count, compared = "complete", True, None, 0
    for cell, ran in expected.outputs(notebook):
        sent: list[str] = []
        console = "".join(out.text for out in ran.outputs if out.output_type == "stream")
        if cell.terminal is None:
            named = re.search(r'(?:MODO = |outputMode\()"(\w+)"', cell.source)
            mode = named[1] if named else mode
            empty_too = empty_too and "palabra != ''" not in cell.source
            if ".start()" in cell.source:
                counts = "recuento.writeStream" in cell.source
                count = Count(mode, empty_too) if counts else None
        for line in cell.source.splitlines()[1:] if cell.terminal else []:
            if _SERVER.search(line) or line == "^C":
                serving[cell.terminal or ""] = bool(_SERVER.search(line))
            elif serving.get(cell.terminal or ""):
                sent.append(line)
        printed = [table for number, table in tables(console) if number > 0]
        for left, table in zip(range(len(printed), 0, -1), printed, strict=True):
            if count:
                assert sent, f"{cell.line}: más tablas que líneas"
                # Each line is a batch; but what a terminal held back comes in one, the last.
                count.send([sent.pop(0)] if left > 1 or len(sent) == 1 else sent)
                assert table == count.table, f"{cell.line}: Spark {table}, Python {count.table}"
                compared += 1
    return compared

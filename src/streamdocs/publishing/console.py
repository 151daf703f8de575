"""How the tables of the console sink look: runs of empty ones folded, changed rows marked."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from docutils import nodes

from streamdocs.recording import tables
from streamdocs.recording.tables import Table, TraceError

RULE = "-" * 43

LEGEND = "console-legend"
"""The class of what says what a marked row is."""

_RUN = 2
"""So many empty tables, one after another, are folded."""


class Console:
    """What the queries of a page print, cell after cell."""

    def __init__(self) -> None:
        self._before: tuple[int, Table] | None = None

    def dress(self, block: nodes.literal_block) -> list[nodes.Node]:
        """The text of ``block`` in pieces, as a reader should see it; nothing of it is left out."""
        shown: list[nodes.Node] = []
        for empty, numbered in groupby(enumerate(parts(block.astext())), _run):
            run = [part for _, part in numbered]
            marks = [mark for part in run for mark in self._marks(part)]
            made = _block("".join(run), block, marks)
            shown += _folded(run, made) if empty is not None and len(run) >= _RUN else [made]
        return shown

    def _marks(self, part: str) -> list[bool]:
        """For each line of ``part`` whether it is a row that the table before did not have.

        Only where the two tables share a row: what shares none, as in append mode, is all new.
        """
        found, before = _table(part), self._before
        self._before = found or before
        same: set[tables.Row] = set()
        if found and before and found[0] == before[0] + 1 and found[1].columns == before[1].columns:
            same = {*found[1].rows} & {*before[1].rows}
        # As Pygments counts them: other signs that end a line elsewhere are part of a value.
        lines = part.removesuffix("\n").split("\n")
        _, *places = [place for place, line in enumerate(lines) if line.startswith("|")] or [0]
        # What is printed after a table may look like a row of it.
        rows = zip(places, found[1].rows if found else (), strict=False)
        new = {place for place, row in rows if same and row not in same}
        return [place in new for place in range(len(lines))]


def _block(text: str, like: nodes.literal_block, marks: list[bool]) -> nodes.literal_block:
    lines = [number for number, marked in enumerate(marks, 1) if marked]
    look = {"classes": [*like["classes"]], "language": like["language"]}
    return nodes.literal_block(text, text, highlight_args={"hl_lines": lines}, **look)


def parts(text: str) -> list[str]:
    """``text`` cut before each table of the console sink; what is before the first is one, too."""
    lines = text.splitlines(keepends=True)
    starts = [
        place
        for place, (rule, number) in enumerate(pairwise(lines))
        if rule.strip() == RULE and tables.numbers(number)
    ]
    ends = [*starts, len(lines)]
    cut = ["".join(lines[start:end]) for start, end in zip([0, *starts], ends, strict=True)]
    return [part for part in cut if part]


def _table(part: str) -> tuple[int, Table] | None:
    try:
        found = tables.batches(part)
    except TraceError:
        return None
    return found[0] if found else None


def _run(numbered: tuple[int, str]) -> int | None:
    """What empty tables have in common whose numbers follow each other; None for all others."""
    place, part = numbered
    found = _table(part)
    return found[0] - place if found and not found[1].rows else None


def _folded(run: list[str], made: nodes.literal_block) -> Iterator[nodes.Node]:
    """``made`` behind a line that says which micro-batches wrote nothing."""
    first, last = (tables.numbers(part)[0] for part in (run[0], run[-1]))
    summary = f"<summary>Batch {first}–{last}: vacíos</summary>"
    yield nodes.raw("", f'<details class="batches">{summary}', format="html")
    yield made
    yield nodes.raw("", "</details>", format="html")


def explain_marked_rows(tree: nodes.document) -> None:
    """Say once on a page, below the first table that has one, what a marked row is."""
    for block in tree.findall(nodes.literal_block):
        if "highlight_args" in block and block["highlight_args"]["hl_lines"]:
            sample = nodes.inline("", "Marcadas", classes=["new-row"])
            rest = nodes.Text(", las filas que la tabla anterior no tenía.")
            legend = nodes.paragraph("", "", sample, rest, classes=[LEGEND])
            shown = _row_of_columns(block) or block
            shown.parent.insert(shown.parent.index(shown) + 1, legend)
            return


def _row_of_columns(node: nodes.Element) -> nodes.Element | None:
    """What sets a column beside others, if the node is in one."""
    around = node.parent
    while around is not None and "side-by-side" not in around["classes"]:
        around = around.parent
    return around

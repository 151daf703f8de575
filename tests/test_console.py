"""Tables of the console sink: empty ones are folded, changed rows marked, no text is lost."""

import pytest
from docutils import nodes
from docutils.utils import new_document

from streamdocs.publishing.console import LEGEND, Console, explain_marked_rows

RULE = "-" * 43


def printed(number: int, *rows: str) -> str:
    """A table as the console sink prints it."""
    line = "+-------+-----+\n"
    head = f"{line}|palabra|count|\n{line}"
    body = "".join(f"|{row}|\n" for row in rows)
    return f"{RULE}\nBatch: {number}\n{RULE}\n{head}{body}{line if rows else ''}\n"


def dressed(console: Console, text: str) -> list[nodes.Node]:
    return console.dress(nodes.literal_block(text, text, classes=["stream"], language="none"))


def summaries(made: list[nodes.Node]) -> list[str]:
    texts = [node.astext() for node in made if isinstance(node, nodes.raw)]
    return [
        text.partition("<summary>")[2].partition("</")[0] for text in texts if "<summary>" in text
    ]


def marked(made: list[nodes.Node]) -> list[str]:
    """The lines that are marked."""
    blocks = [node for node in made if isinstance(node, nodes.literal_block)]
    return [
        block.astext().splitlines()[number - 1]
        for block in blocks
        for number in block["highlight_args"]["hl_lines"]
    ]


MAR, SOL = "    mar|    1", "    sol|    1"


@pytest.mark.parametrize(
    ("texts", "folded"),
    [
        ([printed(0), printed(1)], ["Batch 0–1: vacíos"]),
        ([printed(0)], []),
        ([printed(0), printed(1, MAR), printed(2)], []),
        (
            [printed(0), printed(1), printed(2, MAR), printed(3), printed(4)],
            ["Batch 0–1: vacíos", "Batch 3–4: vacíos"],
        ),
        ([printed(4), printed(0)], []),
        (["antes\n", printed(0), printed(1)], ["Batch 0–1: vacíos"]),
    ],
)
def test_runs_of_empty_tables_are_folded(texts: list[str], folded: list[str]) -> None:
    made = dressed(Console(), "".join(texts))
    assert summaries(made) == folded
    shown = [node.astext() for node in made if isinstance(node, nodes.literal_block)]
    assert "".join(shown) == "".join(texts)


def test_rows_that_the_table_before_did_not_have_are_marked() -> None:
    console = Console()
    assert marked(dressed(console, printed(1, MAR, SOL))) == []
    again = "    mar|    2"
    assert marked(dressed(console, printed(2, again, SOL))) == [f"|{again}|"]


def test_what_looks_like_a_row_below_a_table_is_none() -> None:
    console = Console()
    dressed(console, printed(1, MAR))
    made = dressed(console, printed(2, MAR, SOL) + "|otra|cosa|\n")
    assert marked(made) == [f"|{SOL}|"]


def test_what_shares_no_row_with_the_table_before_is_not_marked() -> None:
    console = Console()
    dressed(console, printed(1, MAR))
    assert marked(dressed(console, printed(2, SOL))) == []


@pytest.mark.parametrize("number", [0, 1, 3])
def test_only_the_table_that_follows_is_compared(number: int) -> None:
    console = Console()
    dressed(console, printed(1, MAR))
    assert marked(dressed(console, printed(number, MAR, SOL))) == []


@pytest.mark.parametrize("beside", [False, True])
def test_the_first_marked_row_is_explained(beside: bool) -> None:
    console = Console()
    blocks = [dressed(console, printed(number, *rows)) for number, rows in enumerate(ROWS)]
    boxes = [nodes.container("", *block) for block in blocks]
    around = nodes.container("", *boxes, classes=["side-by-side"] if beside else [])
    tree = new_document("")
    tree += around
    explain_marked_rows(tree)
    (legend,) = [node for node in tree.findall(nodes.paragraph) if LEGEND in node["classes"]]
    assert legend.astext() == "Marcadas, las filas que la tabla anterior no tenía."
    assert legend.parent is (tree if beside else boxes[1])
    assert legend.parent.index(legend) == 1


ROWS = ([MAR], [MAR, SOL], [MAR, SOL, "   luz|    1"])

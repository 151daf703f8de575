"""How a page's cells and components are arranged: on trees made here, without a build."""

import pytest
from docutils import nodes
from docutils.utils import new_document
from records import RECORD, changed

from streamdocs.publishing import awaited, boxes, player, render
from streamdocs.publishing.console import Console
from streamdocs.recording.record import from_json
from streamdocs.recording.tables import TraceError

MATRIX = '<div class="matriz"><table>{}</table></div>'


def cell(source: str, *outputs: nodes.Node) -> nodes.container:
    code = nodes.container("", nodes.literal_block(source, source), nb_element="cell_code_source")
    output = nodes.container("", *outputs, nb_element="cell_code_output")
    return nodes.container("", code, output, nb_element="cell_code", cell_metadata={})


def printed(text: str) -> nodes.literal_block:
    return nodes.literal_block(text, text, classes=["output", "stream"], language="none")


def html(text: str) -> nodes.container:
    return nodes.container("", nodes.raw("", text, format="html"), nb_element="mime_bundle")


def test_what_a_query_prints_stands_below_the_terminal_that_caused_it() -> None:
    shown = render.terminal("1", [{"kind": "typed", "text": "el mar\n"}])
    typed = cell(
        "%%terminal 1\nel mar", printed("uno\n"), nodes.container("", shown), printed("dos")
    )
    render.dress(typed, Console())
    assert [part.astext().split()[-1] for part in typed.children[0].children] == [
        "mar",
        "uno",
        "dos",
    ]


TABLE = f"{'-' * 43}\nBatch: 0\n{'-' * 43}\n+-------+\n|palabra|\n+-------+\n"


@pytest.mark.parametrize("typed", [False, True])
def test_a_column_has_rules_as_wide_as_its_table(typed: bool) -> None:
    segments = [{"kind": "output", "text": TABLE}]
    drawn = nodes.container("", render.terminal("1", segments), nb_element="mime_bundle")
    shown = cell("", drawn if typed else printed(TABLE))
    shown["cell_metadata"] = {"label": "una"}
    columns = nodes.container("", columns=[["una", "Una"]], line=1)
    tree = new_document("")
    tree += [shown, columns]
    assert render.fill_columns(tree, ran=True) == []
    (block,) = columns.findall(nodes.literal_block)
    assert block.astext() == TABLE.replace("-" * 43, "-" * 9)
    # What is not as it was written is not coloured.
    assert (block.rawsource == block.astext()) == (not typed)
    assert "-" * 43 in shown.astext()


def test_an_option_is_kept_from_breaking() -> None:
    box = typed("1", "nc --listen -k\nkafka --from-beginning\n")
    options = [piece for piece in box.findall(nodes.inline) if "option" in piece["classes"]]
    assert [piece.astext() for piece in options] == ["--listen", "--from-beginning\n"]
    assert box.astext().endswith("nc --listen -k\nkafka --from-beginning\n")


def test_a_drawing_is_not_called_by_its_file() -> None:
    drawn = nodes.image(uri="a1b2.svg")
    render.dress(cell("dibuja()", drawn), Console())
    assert drawn["alt"] == "Lo que dibuja la celda"


def test_what_its_author_says_of_a_drawing_stays() -> None:
    drawn = nodes.image(uri="a1b2.png", alt="La web de Spark")
    render.dress(cell("dibuja()", drawn), Console())
    assert drawn["alt"] == "La web de Spark"


def typed(name: str, text: str) -> nodes.container:
    shown = render.terminal(name, [{"kind": "typed", "text": text}])
    return cell("", shown)


def test_two_terminals_stand_side_by_side_if_nothing_in_them_is_wide() -> None:
    one, two, three = (typed(name, "a") for name in "123")
    wide = typed("5", "x" * 41)
    alone: list[nodes.Node] = [
        nodes.paragraph("", "Y"),
        typed("4", "a"),
        typed("4", "a"),
        wide,
        typed("6", "a"),
    ]
    tree = new_document("")
    tree += [one, two, three, *alone, cell("x", printed("a"))]
    boxes.pair(tree)
    both = one.parent
    assert both["classes"] == ["terminals"]
    assert both.children == [one, two]
    assert tree.children[1:-1] == [three, *alone]


def test_a_matrix_can_be_filtered_and_is_not_empty() -> None:
    tree = new_document("")
    tree += [cell("x", html(MATRIX.format("<td>no</td>"))), cell("y", html(MATRIX.format("")))]
    for one in render.cells(tree):
        render.dress(one, Console())
    assert tree.astext().count('<input type="checkbox">') == 2
    assert [text for _, text in render.empty_matrices(tree)] == [
        "la matriz no tiene ninguna casilla"
    ]


def test_what_a_matrix_opens_has_one_name_in_a_page() -> None:
    opens = '<td><button popovertarget="caso-0">a</button><div popover id="caso-0"></div></td>'
    tree = new_document("")
    place = nodes.container("", columns=[["m", "Título"]], line=1)
    drawn = cell("x", html(f'<div class="matriz cambios"><table>{opens}</table></div>'))
    drawn["cell_metadata"]["label"] = "m"
    tree += [place, drawn]
    render.dress(drawn, Console())
    assert render.fill_columns(tree, ran=True) == []
    assert place.astext().count('"copia-caso-0"') == 2
    assert drawn.astext().count('"caso-0"') == 2
    assert "checkbox" not in tree.astext()


def after(*following: nodes.Node) -> list[str]:
    """What stands after a question in its section, once that is folded."""
    asks = nodes.container("", predict={})
    section = nodes.section("", nodes.paragraph("", "antes"), asks, *following)
    player._fold_answer(asks)
    return [part.astext() for part in section[2:]]


OPEN, CLOSE = '<details class="stream-after"><summary>Lo que salió</summary>', "</details>"


def test_what_follows_a_question_is_folded_up_to_the_next_heading_or_question() -> None:
    def text() -> nodes.paragraph:
        return nodes.paragraph("", "tabla")

    heading = nodes.section("", nodes.title("", "Otra cosa"))
    assert after(text(), text()) == [OPEN, "tabla", "tabla", CLOSE]
    assert after(text(), heading) == [OPEN, "tabla", CLOSE, "Otra cosa"]
    question = nodes.container("", nodes.paragraph("", "¿Y ahora?"), predict={})
    assert after(text(), question, text()) == [OPEN, "tabla", CLOSE, "¿Y ahora?", "tabla"]
    assert after() == []


@pytest.mark.parametrize(
    ("names", "data"),
    [
        ([], RECORD),
        ([("r", "r")], changed(input=[], inputRows=0, output={"columns": ["a"], "rows": []})),
    ],
)
def test_a_player_without_data_is_refused(names: list[tuple[str, str]], data: object) -> None:
    asked = {"title": "", "names": names, "view": "tables"}
    with pytest.raises(TraceError, match="no tiene nada que enseñar"):
        player._player(asked, {"r": from_json(data)})


@pytest.mark.parametrize(
    ("until", "classes"),
    [("batches>=3", ["until", "until-batches-3"]), ("shown [1]", ["until"]), ("", [])],
)
def test_a_cell_says_what_it_waits_for(until: str, classes: list[str]) -> None:
    waits = cell("")
    waits["cell_metadata"] = {"until": until} if until else {}
    tree = new_document("")
    tree += waits
    awaited.say(tree)
    assert waits["classes"] == classes

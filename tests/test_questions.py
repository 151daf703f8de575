"""What a question may ask: its key and all beside it are runs, and only one of them is right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

import pytest
from bs4 import BeautifulSoup
from course import ROOT, Course
from docutils import nodes
from records import RECORD, changed
from sphinx.environment import BuildEnvironment

from streamdocs.course import examples
from streamdocs.course.options import PageError
from streamdocs.publishing import answers, asked, question_html, render, runs
from streamdocs.publishing.runs import Ran, Runs, Shown, Site
from streamdocs.recording.record import from_json
from streamdocs.system.terminal import TERMINAL_MIME

EXAMPLES = ROOT / "examples"
QUERY = "hola/palabras.py#Consulta"
INVALID = "STREAMING_OUTPUT_MODE.INVALID"
LESS = {"columns": ["palabra", "count"], "rows": [["mar", "1"]]}
TURNED = {"columns": ["palabra", "count"], "rows": [[None, "2"], ["mar", "1"]]}
TABLE = f"{'-' * 43}\nBatch: 1\n{'-' * 43}\n+-+\n|a|\n+-+\n|7|\n+-+\n"
CELLS = (
    Ran("falla", "", INVALID, "modo()", ""),
    Ran("va", "", "", "va()", "va"),
    Ran("", QUERY, "", "consulta = …", "nada"),
    Ran("dos", "", "", "%%terminal 1\ndos", "va"),
    Ran("muda", "", "", "x = 1", ""),
    Ran("callada", "", "", "%%terminal 1\nnc -l 9999", ""),
    Ran("consola", "", "", "c", TABLE),
    Ran("cortada", "", "", "c", f"{TABLE}only showing top 1 row"),
)
WATERMARK = "2026-03-02T12:16:00.000Z"
RECORDS = {
    "todo": from_json(RECORD),
    "menos": from_json(changed(output=LESS, dropped=1, state=LESS, watermark=WATERMARK)),
    "vuelta": from_json(changed(output=TURNED)),
}
HERE = Runs(CELLS, RECORDS)
SITE = Site("aquí", {"aquí": HERE, "otra/página": HERE})


def found(*lines: str, **options: str) -> answers.Question:
    read = asked.read(1, "¿Qué sale?", lines, options)
    return answers.find(read, SITE, EXAMPLES)


def texts(choices: Sequence[answers.Choice]) -> set[str]:
    return {each.shown.text for each in choices}


def test_a_key_and_what_is_beside_it_are_read_from_the_record() -> None:
    question = found("+ todo@0", "- menos@0: falta NULL", "= Salen las dos.")
    assert {each.right: each.shown.tables[0].rows for each in question.choices} == {
        True: (("mar", "1"), (None, "2")),
        False: (("mar", "1"),),
    }


def test_where_a_run_changes_so_does_the_answer() -> None:
    output = {"columns": ["palabra", "count"], "rows": [["sol", "9"]]}
    others = Runs(CELLS, RECORDS | {"todo": from_json(changed(output=output))})
    read = asked.read(1, "¿Qué?", ["+ todo@0", "- menos@0: no", "= Sí."], {})
    question = answers.find(read, Site("aquí", {"aquí": others}), EXAMPLES)
    assert next(c for c in question.choices if c.right).shown.tables[0].rows == (("sol", "9"),)


def test_a_run_that_becomes_equal_to_another_is_refused() -> None:
    others = Runs(CELLS, RECORDS | {"todo": RECORDS["menos"]})
    read = asked.read(1, "¿Qué?", ["+ todo@0", "- menos@0: no", "= Sí."], {})
    with pytest.raises(PageError, match="iguales"):
        answers.find(read, Site("aquí", {"aquí": others}), EXAMPLES)


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("lee", "1"),
        ("escribe", "1"),
        ("guarda", "1"),
        ("descarta", "1"),
        ("watermark", "2026-03-02 12:16:00"),
        ("entrada", "el mar"),
    ],
)
def test_what_a_record_holds_has_a_name(what: str, value: str) -> None:
    assert SITE.find(f"menos@0 {what}").text == value


def test_a_cell_is_what_it_printed_and_what_it_says() -> None:
    assert SITE.find("salida va") == Shown("text", "va")
    assert SITE.find("código va") == Shown("code", "va()")
    assert SITE.find("código dos") == Shown("typed", "dos")
    assert SITE.find("código otra/página:va") == Shown("code", "va()")
    assert SITE.find("salida callada") == Shown("text", "")
    assert SITE.find("salida consola").tables[0].rows == (("7",),)
    assert SITE.find("salida cortada") == Shown("text", f"{TABLE}only showing top 1 row")


RIGHT, WHY = "+ todo@0", "= Porque sí."
REFUSED: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "la explicación": ((RIGHT, "- menos@0: no"), {}),
    "ninguna respuesta buena": (("- menos@0: no", WHY), {}),
    "dos respuestas buenas": ((RIGHT, "+ menos@0", "- menos@0 lee: no", WHY), {}),
    "ninguna opción mala": ((RIGHT, WHY), {}),
    "de qué ejecución sale": ((RIGHT, "- menos@0", WHY), {}),
    "dos opciones son iguales: «el orden": ((RIGHT, "- vuelta@0: el orden", WHY), {}),
    "no es ninguna grabación": ((RIGHT, "- el mar: tecleada", WHY), {}),
    "no tiene el batch «7»": ((RIGHT, "- menos@7: no", WHY), {}),
    "no se puede preguntar «filas»": (("+ todo@0 filas", "- menos@0: no", WHY), {}),
    "no se puede preguntar «watermark»": (("+ todo@0 watermark", "- menos@0: no", WHY), {}),
    "no hay ninguna página «nada»": ((RIGHT, "- nada:menos@0: no", WHY), {}),
    "ninguna celda tiene «:label: ninguna»": (("+ salida ninguna", "- salida va: no", WHY), {}),
    "no imprime nada": (("+ salida muda", "- salida va: no", WHY), {}),
    "ninguna celda falla con «OTRO»": (
        (f"+ error {INVALID}", "- error OTRO: no", WHY),
        {"shows": "código falla"},
    ),
    "enseña en «:shows:»": ((f"+ error {INVALID}", "- error ninguno: no", WHY), {}),
    "acaba con «error STREAM": (
        ("+ error ninguno", f"- error {INVALID}: no", WHY),
        {"shows": "código falla"},
    ),
    "todas deben serlo": (("+ código falla", "- salida va: no", WHY), {}),
    "«código dos» acaba igual": (("+ código va", "- código dos: no", WHY), {}),
    "no es lo que imprime": (
        ("+ código muda", "- código va: no", WHY),
        {"shows": "salida va"},
    ),
    "«código dos» acaba igual que la opción": (
        ("+ código va", "- código dos: no", WHY),
        {"shows": "salida va"},
    ),
    "ninguna opción mala: escribe": (('+ "console"', WHY), {"order": QUERY}),
    "está 0 veces en el código": (("+ kafka", "- x en va: no", WHY), {"order": QUERY}),
    "ninguna página ejecuta": ((WHY,), {"order": "hola/palabras.py#Fuente"}),
    "no tiene la celda «Nada»": ((WHY,), {"order": "hola/palabras.py#Nada"}),
    "«:swap:» dice 9, y hay 5": ((WHY,), {"order": QUERY, "swap": "2 9"}),
    "no son números": ((WHY,), {"order": QUERY, "swap": "la dos"}),
    "está 0 veces": (("+ kafka", "- x en va: no", WHY), {"blanks": QUERY}),
    "está 4 veces": (("+ .", "- va en va: no", WHY), {"blanks": QUERY}),
    "va antes de su hueco": (
        ("- va en va: no", '+ "console"', WHY),
        {"blanks": QUERY},
    ),
    "no dice dónde está bien": (('+ "console"', "- va: no", WHY), {"blanks": QUERY}),
    "«otra» no está en «va»": (('+ "console"', "- otra en va: no", WHY), {"blanks": QUERY}),
    'el hueco «"complete"»': (
        ('+ "console"', "- va en va: no", '+ "complete"', WHY),
        {"blanks": QUERY},
    ),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_is_no_question_is_refused(said: str) -> None:
    lines, options = REFUSED[said]
    with pytest.raises(PageError) as raised:
        found(*lines, **options)
    assert said in str(raised.value)


def test_programs_are_told_apart_by_how_they_end() -> None:
    question = found("+ código falla", "- código va: va", WHY)
    assert texts(question.choices) == {"modo()", "va()"}
    shown = found("+ código va", "- código falla: no", WHY, shows="salida va")
    assert shown.shows == (Shown("text", "va"),)


def test_a_condition_is_the_one_with_which_the_program_ends() -> None:
    question = found("+ error ninguno", f"- error {INVALID}: no", WHY, shows="código va")
    assert texts(question.choices) == {"ninguno", INVALID}


def test_lines_to_put_in_order_are_never_shown_in_order() -> None:
    question = found(WHY, order=QUERY, swap="2 3")
    assert question.lines[0] == "consulta = ("
    for number in range(50):
        other = replace(question, key=f"clave{number}", lines=question.lines[:3])
        page = BeautifulSoup(question_html.html(other, "p", 1), "html.parser")
        shown = [item.get_text(strip=True) for item in page.select(".question-lines li")]
        lines = ["".join(line.split()) for line in question.lines[:3]]
        assert sorted("".join(line.split()) for line in shown) == sorted(lines)
        assert shown != lines


def test_a_line_to_put_in_order_may_have_a_blank() -> None:
    question = found('+ "console"', "- va en va: no", WHY, order=QUERY)
    page = BeautifulSoup(question_html.html(question, "p", 1), "html.parser")
    shown = [item.get_text() for item in page.select(".question-lines li")]
    assert [line.strip() for line in shown if "①" in line] == ["recuento.writeStream.format(①)"]
    lines = [str(item["data-line"]) for item in page.select("li[data-line]:-soup-contains(①)")]
    assert lines == [question.lines[1]]
    assert [pre.get_text() for pre in page.select("details pre")] == ["\n".join(question.lines)]
    right = page.select(".question-blanks code[data-right]")
    assert [code.get_text() for code in right] == ['"console"']


def test_what_stands_in_a_blank_elsewhere_is_looked_for_whole() -> None:
    question = found('+ "console"', "- va en va: no", WHY, blanks=QUERY)
    (blank,) = question.blanks
    assert question.code[blank.start : blank.end] == '"console"'
    with pytest.raises(PageError, match="no está en"):
        found('+ "console"', "- v en va: no", WHY, blanks=QUERY)


def test_what_is_typed_into_a_terminal_may_have_blanks() -> None:
    question = found("+ -l", "- va en va: no", WHY, blanks="callada")
    assert question.code == "nc -l 9999"
    with pytest.raises(PageError, match="está 0 veces"):
        found("+ terminal", "- va en va: no", WHY, blanks="callada")


def test_a_terminal_that_says_nothing_is_an_answer() -> None:
    question = found("+ salida callada", "- salida va: no", WHY)
    page = BeautifulSoup(question_html.html(question, "p", 1), "html.parser")
    assert [item.get_text() for item in page.select("li[data-right] > p")] == ["Nada."]


def terminal(name: str, **said: str) -> nodes.container:
    """What MyST-NB makes of a terminal: its box, and the same as plain text."""
    segments = [{"kind": kind, "text": text} for kind, text in said.items()]
    plain = nodes.literal_block("", "".join(said.values()))
    return nodes.container(
        "",
        nodes.container("", render.terminal(name, segments), mime_type=TERMINAL_MIME),
        nodes.container("", plain, mime_type="text/plain"),
        nb_element="mime_bundle",
    )


def test_another_terminal_answers_under_its_name() -> None:
    cell = nodes.container("", cell_metadata={"label": "dos"}, nb_element="cell_code")
    code = nodes.literal_block("", "%%terminal 2\nhola")
    cell += nodes.container("", code, nb_element="cell_code_source")
    shown = (terminal("2", typed="hola\n", output="va\n"), terminal("1", output="hola\n"))
    cell += nodes.container("", *shown, nb_element="cell_code_output")
    env = SimpleNamespace(docname="aquí", metadata={"aquí": {}}, found_docs={"aquí"})
    runs.collect(iter([cell]), cast("BuildEnvironment", env))
    (ran,) = runs.known(cast("BuildEnvironment", env))["aquí"].cells
    assert ran.output == "va\nTerminal 1:\nhola"


def test_without_javascript_the_answer_is_folded_and_says_why() -> None:
    question = found("+ todo@0", "- menos@0: falta `NULL`", "= Salen *las dos*.")
    page = BeautifulSoup(question_html.html(question, "p", 3), "html.parser")
    folded = page.select_one("details")
    assert folded is not None
    assert "falta NULL" in folded.get_text()
    assert "Salen las dos." in folded.get_text()
    assert [key.get("data-key") for key in page.select("stream-question")] == [f"p#{question.key}"]
    assert [item.get_text()[0] for item in folded.select("li")] == ["A", "B"]
    rights = [page.select(f"{part} > li[data-right]") for part in ("ol", "ul")]
    assert [len(each) for each in rights] == [1, 1]


def test_what_a_run_says_is_never_html() -> None:
    record = from_json(changed(output={"columns": ["<b>"], "rows": [["<script>"]]}))
    site = Site("aquí", {"aquí": Runs(CELLS, {"r": record, **RECORDS})})
    read = asked.read(1, "<i>", ["+ r@0", "- todo@0: <u>", "= <s>"], {})
    html = question_html.html(answers.find(read, site, EXAMPLES), "p", 1)
    assert not BeautifulSoup(html, "html.parser").select("b:not(li > b), script, i, u, s")


def test_the_options_are_mixed_and_always_alike() -> None:
    lines = [f"- menos@0 {what}: no" for what in ("watermark", "entrada")]
    one = found("+ todo@0", *lines, "- todo@0 escribe: no", WHY)
    other = found("+ todo@0", "- todo@0 escribe: no", *lines[::-1], WHY)
    assert one.choices == other.choices


SETTERS = ("format", "option", "outputMode", "partitionBy", "queryName", "schema", "trigger")
"""What a reader or writer of Spark takes in any order."""


def free(line: str) -> bool:
    """Whether a line of a chain or a call may stand before or after others of its kind."""
    text = line.strip()
    is_argument = text.endswith(",") and "=" in text.split("(")[0]
    return is_argument or text.startswith(tuple(f".{setter}(" for setter in SETTERS))


def unfree(lines: Sequence[str], swap: Sequence[frozenset[int]]) -> list[tuple[str, str]]:
    """Neighbours that could change places without a difference, and may not."""
    places = [(n, n + 1) for n in range(1, len(lines)) if free(lines[n - 1]) and free(lines[n])]
    allowed = [group for group in swap for _ in group]
    return [
        (lines[a - 1], lines[b - 1]) for a, b in places if not any({a, b} <= g for g in allowed)
    ]


ORDERED = [
    (name, asked.read(1, "¿?", content, dict(re.findall(r"^:(\w+): (.+)$", block, re.MULTILINE))))
    for name in Course(ROOT).names()
    for block in re.findall(
        r"^:::\{question\}.*?^:::$",
        (ROOT / "docs" / f"{name}.md").read_text("utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    if "\n:order: " in block
    for content in [[line for line in block.split("\n")[1:-1] if not line.startswith(":")]]
]


def test_lines_that_spark_takes_in_any_order_are_right_in_any() -> None:
    assert len(ORDERED) >= 20
    for name, each in ORDERED:
        lines = answers.lines(examples.cell(EXAMPLES, each.order))
        assert unfree(lines, each.swap) == [], (name, each.order)
    lines = (".option(1)", ".option(2)", ".load()", "a=1,", "b=2,")
    assert unfree(lines, ()) == [(".option(1)", ".option(2)"), ("a=1,", "b=2,")]
    assert unfree(lines, [frozenset({1, 2}), frozenset({4, 5})]) == []

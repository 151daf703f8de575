"""Questions in a site: what is published of them, and what makes its build red."""

from __future__ import annotations

import json

import pytest
from bs4 import BeautifulSoup, Tag
from conftest import Built, Site
from records import changed

from streamdocs.recording.record import RECORD_MIME

ONE = {"columns": ["n"], "rows": [["1"]]}
TWO = {"columns": ["n"], "rows": [["2"]]}
ACCEPT = ("-D", "streamdocs_regen=1")


def recording(name: str, output: object) -> str:
    """A cell that leaves what a recorded query leaves, without the query."""
    data = json.dumps(changed(output=output) | {"name": name, "runId": name})
    return (
        "import json\nfrom IPython.display import display\n"
        f'display({{"{RECORD_MIME}": json.loads({json.dumps(data)})}}, raw=True)'
    )


CELL = "```{{code-cell}}\n{}\n```\n\n"
ASK = ":::{question} ¿Qué sale?\n+ uno@0\n- dos@0: eso es dos\n= Sale uno.\n:::\n\n"
ELSEWHERE = ":::{question} ¿Y aquí?\n+ a:uno@0\n- a:dos@0: eso es dos\n= Sale uno.\n:::\n\n"
CELLS = CELL.format(recording("uno", ONE)) + CELL.format(recording("dos", TWO))
FRONT = """# Sitio

```{{toctree}}
:caption: Primero

a
```

```{{toctree}}
:caption: Segundo

{}
```
"""


def written(site: Site, ask: str = ASK, **others: str) -> Site:
    """A site with a chapter that asks, and one with ``others``."""
    site.write("a", f"# A\n\nUna frase.\n\n{ask}{CELLS}")
    for name, text in others.items():
        site.write(name, f"# Página {name}\n\nUna frase.\n\n{text}")
    site.write("index", FRONT.format("\n".join(others)))
    return site


def questions(site: Site, page: str) -> list[Tag]:
    html = (site.docs / f"_build/html/{page}.html").read_text("utf-8")
    return list(BeautifulSoup(html, "html.parser").select("stream-question"))


def answer(question: Tag) -> list[str]:
    """The rows of the right option."""
    return [cell.get_text() for cell in question.select("li[data-right] td")]


def refused(built: Built, page: str, line: int, text: str) -> None:
    assert built.code != 0
    assert f"{page}.md:{line}: WARNING: {text}" in built.err


def test_a_run_that_changes_behind_a_question_turns_the_build_red(site: Site) -> None:
    written(site, b="Nada.\n").regen()
    assert [answer(each) for each in questions(site, "a")] == [["1"]]
    site.edit("a.md", '[[\\"1\\"]]', '[[\\"2\\"]]')
    refused(site.build(*ACCEPT), "a", 5, "dos opciones son iguales")


def test_what_a_terminal_answered_is_asked_once_and_without_what_was_typed(site: Site) -> None:
    typed = "```{{code-cell}}\n:label: {0}\n%%terminal 1\necho {0}\n```\n\n"
    ask = ":::{question} ¿Qué responde?\n+ salida uno\n- salida dos: eso es dos\n= Uno.\n:::\n\n"
    written(site, ask + typed.format("uno") + typed.format("dos"), b="Nada.\n").regen()
    (question,) = questions(site, "a")
    assert {each.get_text() for each in question.select("li > pre")} == {"uno", "dos"}


def test_a_question_follows_its_run_also_from_another_page(site: Site) -> None:
    written(site, "", b=ELSEWHERE).regen()
    assert [answer(each) for each in questions(site, "b")] == [["1"]]
    site.edit("a.md", '[[\\"1\\"]]', '[[\\"7\\"]]')
    site.regen()
    assert [answer(each) for each in questions(site, "b")] == [["7"]]
    assert site.published() == clean(site)
    site.edit("a.md", "uno", "otro")
    refused(site.build(*ACCEPT), "b", 5, "«a:uno@0» no es ninguna grabación")


def clean(site: Site) -> dict[str, str]:
    """What a build makes that knows of none before."""
    site.clean()
    site.regen()
    return site.published()


@pytest.mark.parametrize(
    ("ask", "line", "said"),
    [
        (ASK.replace("= Sale uno.\n", ""), 5, "a la pregunta le falta la explicación"),
        (ASK * 2, 11, "otra pregunta de la página tiene ese texto"),
        (ASK.replace("dos@0", "dos@9"), 5, "«dos» no tiene el batch «9»"),
        (
            ASK.replace("\n+", "\n:muestra: uno@0\n+"),
            7,
            "'question': Unknown option key: 'muestra'",
        ),
        ("```{review}\n```\n\n", 5, "no hay ninguna pregunta que repetir"),
    ],
)
def test_what_is_no_question_turns_the_build_red(
    site: Site, ask: str, line: int, said: str
) -> None:
    refused(written(site, ask, b="Nada.\n").build(*ACCEPT), "a", line, said)


def test_a_chapter_asks_again_what_earlier_ones_asked(site: Site) -> None:
    more = ASK.replace("sale", "queda") + ASK.replace("sale", "hay")
    written(site, ASK + more, b="```{review}\n```\n").regen()
    asked = {str(each["data-key"]) for each in questions(site, "a")}
    drawn = [str(each["data-key"]) for each in questions(site, "b")]
    assert len(asked) == 3
    assert len(set(drawn)) == 2
    assert set(drawn) <= asked
    site.edit("a.md", "Sale uno.", "Sale el uno.")
    site.build(*ACCEPT).green()
    for each in questions(site, "b"):
        assert "Sale el uno." in each.get_text()


def test_only_a_page_that_asks_loads_what_that_needs(site: Site) -> None:
    written(site, b="Nada.\n", repaso="```{practice}\n```\n", c="```{review}\n```\n").regen()
    question = ["question.css", "page-elements.js", "question.js"]
    practice = ["question-data.js", "practice.js"]
    loaded = {}
    for name in ("a", "b", "c", "repaso"):
        html = (site.docs / f"_build/html/{name}.html").read_text("utf-8")
        tags = BeautifulSoup(html, "html.parser").select("link[href], script[src]")
        files = [str(tag.get("href") or tag.get("src")).partition("?")[0] for tag in tags]
        loaded[name] = [file.removeprefix("_static/") for file in files]
    ours = {*question, *practice}
    own = {name: [file for file in files if file in ours] for name, files in loaded.items()}
    assert own == {"a": question, "b": [], "c": question, "repaso": question + practice}
    data = (site.docs / "_build/html/_static/question-data.js").read_text("utf-8")
    (one,) = json.loads(data.removeprefix("globalThis.QuestionData = ").removesuffix(";\n"))
    assert (one["chapter"], one["title"], one["href"]) == ("Primero", "A", "a.html")
    assert one["html"] in (site.docs / "_build/html/a.html").read_text("utf-8")


def test_what_is_not_run_asks_nothing_and_is_not_red(site: Site) -> None:
    written(site, b="Nada.\n").build("-D", "nb_execution_mode=off").green()
    assert questions(site, "a") == []


def test_a_route_tells_how_many_questions_its_pages_have(site: Site) -> None:
    written(site, b="Nada.\n")
    site.edit("index.md", "# Sitio\n", "# Sitio\n\n:::{route} Corta\nPrimero: Lee.\nb: Lee.\n:::\n")
    site.regen()
    html = (site.docs / "_build/html/index.html").read_text("utf-8")
    places = BeautifulSoup(html, "html.parser").select(".route-known")
    assert [json.loads(str(place["data-pages"])) for place in places] == [[["a", 1]], []]

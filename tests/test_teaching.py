"""The table of exercises and what is said to who teaches: all of it, and nothing that is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import DOCS, Site, page_names

from streamdocs.course import page as pages
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.curriculum import CHAPTERS, CRITERIA, marks, minutes

OFF = ("-D", "nb_execution_mode=off")
TABLE = "# Ejercicios\n\n```{exercises}\n```\n"
NO_LESSON = {
    *("apuntes-y-spark", "aula", "ejercicios", "enlaces", "escribir-paginas", "glosario", "hoja"),
    *("index", "para-quien-ensena", "rapidez", "repaso", "versiones"),
    *("referencia/ejercicios", "referencia/index", "referencia/publicar"),
}
"""Pages that are no lesson: they list, search or ask again what others teach."""

LESSONS = [
    name for name in page_names() if name not in NO_LESSON and not name.startswith("ejercicios/")
]


def front_matter(name: str) -> dict[str, object]:
    """What a page says of itself before its title."""
    return dict(pages.read((DOCS / f"{name}.md").read_text("utf-8"), "").metadata)


def taught() -> dict[str, list[str]]:
    """The criteria of each lesson."""
    return {name: list(front_matter(name)["criterios"]) for name in LESSONS}  # type: ignore[call-overload]


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_has_its_marks_and_its_minutes(name: str) -> None:
    said = front_matter(name)
    assert set(said["criterios"]) <= set(CRITERIA)  # type: ignore[call-overload]
    # Who is curious about nc, and who installs, gives evidence of nothing.
    assert said["criterios"] or name.startswith("nc/") or name == "instalar"
    assert said["minutos"] in range(5, 65, 5)


@pytest.mark.parametrize("name", sorted(NO_LESSON & set(page_names())))
def test_what_is_no_lesson_has_none(name: str) -> None:
    assert not {"criterios", "minutos"} & set(front_matter(name))


def test_each_criterion_has_a_page_and_an_exercise_or_is_said_to_lack_them() -> None:
    on_pages = {mark for its in taught().values() for mark in its}
    practised = {mark for chapter in CHAPTERS.values() for mark in chapter.marks}
    assert practised <= set(CRITERIA)
    for mark, criterion in CRITERIA.items():
        has = {"página": mark in on_pages, "ejercicio": mark in practised}
        lacking = " y ".join(what for what, there in has.items() if not there)
        assert criterion.lacking == lacking, mark


@pytest.mark.parametrize("exercise", EXERCISES.values(), ids=lambda each: each.name)
def test_an_exercise_has_the_marks_of_its_chapter_and_its_time(exercise: object) -> None:
    assert exercise in EXERCISES.values()
    assert marks(exercise)  # type: ignore[arg-type]
    assert minutes(exercise) >= 15  # type: ignore[arg-type]


def test_a_chapter_has_its_exercises_from_less_to_more_freedom() -> None:
    """What escribir-paginas says of them."""
    levels: dict[str, list[str]] = {}
    for each in EXERCISES.values():
        levels.setdefault(each.chapter, []).append(each.level)
    whole = ["completa", "cambia", "escribe"]
    others = {chapter: its for chapter, its in levels.items() if its != whole}
    assert others == {
        "caidas": whole[:2],
        "parar": whole[:2],
        "probar": ["completa"],
        "contratos": ["cambia"],
    }


def test_marks_in_the_text_exist() -> None:
    text = (DOCS / "para-quien-ensena.md").read_text("utf-8")
    named = set(re.findall(r"507\d-RA\d\.\w", text))
    assert len(named) > 5
    assert named <= set(CRITERIA)


def test_a_mark_runs_nothing_again(tmp_path: Path) -> None:
    text = "# Página\n\n```{code-cell}\na = 1\n```\n"
    plain, marked = (
        pages.read(front + text, str(tmp_path))
        for front in ("", "---\ncriterios: [5075-RA1.b]\nminutos: 5\n---\n\n")
    )
    assert [
        (dict(cell.metadata), cell.source) for cell in marked.cells if cell.cell_type == "code"
    ] == [(dict(cell.metadata), cell.source) for cell in plain.cells if cell.cell_type == "code"]


def exercise_pages(site: Site) -> None:
    """A page for each chapter that has exercises."""
    for chapter in dict.fromkeys(each.chapter for each in EXERCISES.values()):
        site.write(f"ejercicios/{chapter}", f"# Página de {chapter}\n\nTexto.\n")


def soup(site: Site, name: str) -> BeautifulSoup:
    html = (site.docs / "_build/html" / f"{name}.html").read_text("utf-8")
    return BeautifulSoup(html, "html.parser")


def test_the_table_has_each_exercise_and_leads_to_it(site: Site) -> None:
    exercise_pages(site)
    site.write("ejercicios", TABLE)
    site.append("ejercicios/hola.md", "\n(ejercicio-hola)=\n## Contar\n\nTexto.\n")
    site.contents()
    site.build(*OFF).green()
    table = soup(site, "ejercicios").select_one("table.exercise-list")
    assert table
    links = {link.get_text(): str(link["href"]) for link in table.select("td:first-child a")}
    for each in EXERCISES.values():
        anchor = "#ejercicio-hola" if each.name == "hola" else ""
        assert links[each.name] == f"ejercicios/{each.chapter}.html{anchor}"
    heads = [row.get_text().strip() for row in table.select("td.chapter-row")]
    assert heads == [
        CHAPTERS[chapter].title
        for chapter in dict.fromkeys(each.chapter for each in EXERCISES.values())
    ]
    # A label that is new on another page is found, though the table's page is not read again.
    site.append("ejercicios/modos.md", "\n(ejercicio-modos)=\n## Marcador\n\nTexto.\n")
    site.build(*OFF).green()
    assert soup(site, "ejercicios").select('a[href="ejercicios/modos.html#ejercicio-modos"]')


def test_an_exercise_without_a_page_and_a_page_without_one_are_red(site: Site) -> None:
    exercise_pages(site)
    (site.docs / "ejercicios" / "hola.md").unlink()
    site.write("ejercicios/nada", "# Nada\n\nTexto.\n")
    site.write("ejercicios", TABLE)
    site.contents()
    for _ in range(2):
        built = site.build(*OFF)
        assert built.code != 0
        lacking = "el ejercicio «hola» no tiene página: escribe ejercicios/hola.md"
        assert f"ejercicios.md:3: WARNING: {lacking}" in built.err
        assert "nada.md:1: WARNING: la página no tiene ningún ejercicio" in built.err


TEACHING = """# Para quien enseña

```{criteria}
```

```{criteria-lacking}
```

```{lessons}
```

```{mistakes}
```

```{plan} 1
una: Lo primero.
ejercicio hola
```
"""


def teaching(site: Site, front: str = "criterios: [5075-RA1.b]\nminutos: 45") -> None:
    exercise_pages(site)
    site.write("una", f"---\n{front}\n---\n\n# Una página\n\nTexto.\n")
    site.write("docente", TEACHING)
    site.contents()


def test_the_index_is_made_of_the_marks(site: Site) -> None:
    teaching(site)
    site.build(*OFF).green()
    page = soup(site, "docente")
    rows = {row.td.get_text(): row for row in page.select("table.criteria tbody tr") if row.td}
    assert [link.get_text() for link in rows["b) ingerir los datos"].select("a")] == [
        "Una página",
        *(each.name for each in EXERCISES.values() if "5075-RA1.b" in marks(each)),
    ]
    assert not [text for text in rows if "cuadro de mando" in text]
    lacking = [item.get_text().strip() for item in page.select("li")]
    assert "5074-RA2.c, hacer un cuadro de mando: falta página y ejercicio." in lacking
    lessons = [cell.get_text() for cell in page.select("table.lessons td")]
    assert lessons[lessons.index("Una página") :][:3] == ["Una página", "5075-RA1.b", "45 min"]
    assert lessons[lessons.index("hola") :][:3] == ["hola", "5075-RA1.d", "15 min"]
    said = page.get_text(" ", strip=True)
    for each in EXERCISES.values():
        for mistake in each.mistakes:
            assert mistake.says.split("`")[0].strip() in said
    assert "1 horas 1 h de clase" in said
    site.edit("una.md", "5075-RA1.b", "5075-RA2.c")
    site.build(*OFF).green()
    assert "45 min" in soup(site, "docente").get_text()
    assert soup(site, "docente").select_one("table.criteria") != page.select_one("table.criteria")


@pytest.mark.parametrize(
    ("front", "old", "new", "why"),
    [
        ("criterios: [5075-RA9.z]\nminutos: 5", "", "", "una.md:1: WARNING: «criterios» nombra"),
        ("criterios: []\nminutos: 50", "", "", "docente.md:15: WARNING: el plan de 1 horas dura"),
        ("criterios: []", "", "", "docente.md:15: WARNING: no hay ni página con «minutos» ni"),
        (
            *("criterios: []\nminutos: 45", "ejercicio hola", "ejercicio nada"),
            "docente.md:15: WARNING: no hay ni página con «minutos» ni ejercicio «ejercicio nada»",
        ),
    ],
)
def test_what_is_not_so_is_red(site: Site, front: str, old: str, new: str, why: str) -> None:
    teaching(site, front)
    if old:
        site.edit("docente.md", old, new)
    built = site.build(*OFF)
    assert built.code != 0
    assert why in built.err


@pytest.mark.parametrize(
    ("address", "wheel"),
    [
        ("https://ejemplo.org/curso/", "https://ejemplo.org/curso/streamdocs-"),
        ("", "DIRECCIÓN/streamdocs-"),
    ],
)
def test_an_order_for_who_has_only_the_site_names_its_package(
    site: Site, address: str, wheel: str
) -> None:
    order = "```{from-site} Se teclea\nuvx --from WHEEL streamdocs\n```\n"
    site.write("index", f"# Sitio\n\n{order}\n{order}")
    site.build(*OFF, "-D", f"html_baseurl={address}").green()
    page = soup(site, "index")
    typed = [pre.get_text().strip() for pre in page.select("pre")]
    assert len(typed) == 2
    assert all(order.startswith(f"uvx --from {wheel}") for order in typed)
    assert all(order.endswith("-py3-none-any.whl streamdocs") for order in typed)
    assert page.get_text().count("escribe la dirección") == (not address)


@pytest.mark.parametrize(
    "anchor",
    [
        *("productor-enviar-un-fichero", "hola-contar-palabras", "fuentes-leer-una-carpeta"),
        *("sinks-guardar-sin-repetir", "modos-un-marcador", "transformaciones-una-fila-por-medida"),
        *("ventanas-bicis-cada-cuarto-de-hora", "triggers-de-dos-en-dos-y-acabar"),
    ],
)
def test_old_addresses_of_the_exercises_lead_to_their_table(anchor: str) -> None:
    html = (DOCS / "_build" / "html" / "ejercicios.html").read_text("utf-8")
    target = BeautifulSoup(html, "html.parser").find(id=anchor)
    assert target
    section = target if target.name == "section" else target.find_parent("section")
    assert section
    assert section.select("table.exercise-list")

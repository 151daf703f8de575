"""What the built course must show and must not hold."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from conftest import DOCS, ROOT, page_names
from nbformat import NotebookNode
from wordcount import tables

from streamdocs.checking import expected
from streamdocs.course import examples, page

ADDRESSES = [
    "apuntes-y-spark",
    "aula",
    "cluster/cluster",
    "de-aqui-a-spark",
    "ejercicios",
    "ejercicios/caidas",
    "ejercicios/contratos",
    "ejercicios/estado",
    "ejercicios/fuentes",
    "ejercicios/hola",
    "ejercicios/joins",
    "ejercicios/kafka",
    "ejercicios/modos",
    "ejercicios/parar",
    "ejercicios/probar",
    "ejercicios/productor",
    "ejercicios/proyecto",
    "ejercicios/sinks",
    "ejercicios/transformaciones",
    "ejercicios/triggers",
    "ejercicios/ventanas",
    "ejercicios/vigilar",
    "enlaces",
    "errores",
    "escribir-paginas",
    "fuentes/datos-de-verdad",
    "fuentes/datos-que-no-se-entienden",
    "fuentes/ficheros",
    "fuentes/kafka",
    "fuentes/rate",
    "fuentes/socket",
    "fuentes/tabla",
    "glosario",
    "hoja",
    "hola/ejecutar",
    "hola/palabras",
    "hola/parar",
    "hola/sql",
    "index",
    "instalar",
    "laboratorio",
    "mas-errores",
    "modos/ejercicio",
    "modos/matriz",
    "modos/salida",
    "nc/cliente-y-servidor",
    "nc/enviar-y-recibir",
    "nc/ficheros",
    "nc/http",
    "nc/ordenes",
    "nc/proxy",
    "nc/puertos",
    "nc/udp",
    "nc/una-pagina",
    "nc/variantes",
    "nc/varios-clientes",
    "para-quien-ensena",
    "productor",
    "que-es-streaming",
    "rapidez",
    "referencia/ejercicios",
    "referencia/index",
    "referencia/publicar",
    "repaso",
    "si-se-cae",
    "sinks/consola",
    "sinks/ficheros",
    "sinks/foreach",
    "sinks/kafka",
    "sinks/memoria",
    "sinks/sinks",
    "tabla-sin-fin",
    "trabajo/alertas",
    "trabajo/contratos",
    "trabajo/fuente-propia",
    "trabajo/kafka-por-dentro",
    "trabajo/matalo",
    "trabajo/parar",
    "trabajo/postgresql",
    "trabajo/probar",
    "trabajo/que-puedo-cambiar",
    "trabajo/retraso",
    "trabajo/tablas",
    "trabajo/vigilar",
    "transformaciones/con-estado",
    "transformaciones/cuanto-cuesta",
    "transformaciones/estado-propio",
    "transformaciones/joins",
    "transformaciones/no-soportadas",
    "transformaciones/que-join",
    "transformaciones/sin-estado",
    "triggers/tiempo-real",
    "triggers/triggers",
    "triggers/un-minuto",
    "ventanas/en-cadena",
    "ventanas/quitar-repetidos",
    "ventanas/sesiones",
    "ventanas/ventanas",
    "ventanas/watermark",
    "versiones",
]
EXAMPLES = sorted(
    file.relative_to(ROOT / "examples").as_posix() for file in (ROOT / "examples").rglob("*.py")
)

Course = Callable[[str], NotebookNode]


def test_addresses_stay() -> None:
    """Renaming a page breaks the links of others: it needs a redirect, and a line here."""
    assert page_names() == ADDRESSES


def test_the_exercise_shows_the_two_sentences(course: Course) -> None:
    texts = [block.text for block in expected.blocks(course("modos/ejercicio"))]
    counts = [table for text in texts for number, table in tables(text) if number == 2]
    complete, update, *_ = counts
    assert len(complete) == 8
    assert complete["primera"] == 2
    assert dict(update) == {"Enviamos": 1, "linea": 1, "primera": 2, "segunda": 1}
    errors = [text for text in texts if text.startswith("AnalysisException")]
    assert ["STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION" in text for text in errors] == [True]


OF_THE_CHECK = {"ejercicios", "para-quien-ensena"}
"""The pages about the program that checks exercises: they run it."""


@pytest.mark.parametrize("name", [name for name in page_names() if name not in OF_THE_CHECK])
def test_no_cell_needs_us(course: Course, name: str) -> None:
    """A page's code is what a reader would write."""
    for cell in page.cells(course(name)):
        assert "streamdocs" not in cell.source


@pytest.mark.parametrize("name", page_names())
def test_the_console_is_clean(course: Course, name: str) -> None:
    """No log line or warning stands among a page's outputs."""
    for block in expected.blocks(course(name)):
        # «¡SIN ERROR!» is what a page says itself.
        assert not re.search(r"\b(WARN|INFO|ERROR|WARNING)\b(?!!)", block.text), block.heading


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_page_shows_the_example(example: str) -> None:
    """Cell by cell, or printed whole or in part in a terminal."""
    text = "\n".join((DOCS / f"{name}.md").read_text("utf-8") for name in page_names())
    printed = rf"^(cat|sed|tail|head)\b.* examples/{re.escape(example)}$"
    shown = rf"^:?example: \"?{re.escape(example)}#"
    assert re.search(f"{shown}|{printed}", text, re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_needs_nothing_of_ours(example: str) -> None:
    text = (ROOT / "examples" / example).read_text("utf-8")
    assert "streamdocs" not in text
    assert ".master(" not in text
    assert examples.cells(ROOT / "examples" / example)


def test_the_reference_has_every_module() -> None:
    text = "".join(file.read_text("utf-8") for file in (DOCS / "referencia").glob("*.md"))
    source = ROOT / "src"
    modules = {
        ".".join(file.relative_to(source).with_suffix("").parts)
        for file in (source / "streamdocs").rglob("*.py")
        if not file.stem.startswith("__") and file.parent.name != "catalogue"
    }
    # Its modules are the exercises themselves, a chapter each.
    modules.add("streamdocs.exercises.catalogue")
    assert set(re.findall(r"^\.\. automodule:: ([\w.]+)$", text, re.MULTILINE)) == modules


def test_a_term_of_the_glossary_names_the_page_that_shows_it() -> None:
    text = (DOCS / "glosario.md").read_text("utf-8")
    terms = text[text.index("```{glossary}\n") : text.index("\n```\n")].split("\n\n")
    named = [re.findall(r"Se\s+ve\s+en\s+\[\]\(/([\w/-]+)\.md\)\.$", term) for term in terms]
    assert [term for term, pages in zip(terms, named, strict=True) if len(pages) != 1] == []
    assert {pages[0] for pages in named} <= set(page_names())

"""Whatever is wrong with a site, its build says it at its line, and the tests are red, too."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Site

pytest_plugins = ["pytester"]

INI = """[pytest]
streamdocs_docs = .
streamdocs_examples = examples
streamdocs_expected = expected
streamdocs_doctrees = _build/html/.doctrees
"""
ENDS = """def end(app, env):
    raise RuntimeError("se acabó")


def setup(app):
    app.connect("env-updated", end)


"""


def verify(pytester: pytest.Pytester, *files: str) -> pytest.RunResult:
    """Run the plugin on the site in pytester's folder, as its last build left it."""
    pytester.makeini(INI)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-rf", *files)


@pytest.fixture
def small(pytester: pytest.Pytester) -> Site:
    """A site of two pages, in pytester's folder."""
    site = Site.new(pytester.path)
    site.page("a", "print(1)")
    site.page("b", "print(2)")
    site.regen()
    return site


def test_a_green_site_is_green(small: Site, pytester: pytest.Pytester) -> None:
    verify(pytester, "conf.py", "a.md", "b.md").assert_outcomes(passed=5)


def test_tests_are_red_for_each_problem_of_the_site(small: Site, pytester: pytest.Pytester) -> None:
    nested = "````{tip}\n```{code-cell}\n1\n```\n````"
    small.edit("a.md", "Una frase.", f"Una frase.\n\n{nested}\n\nVe a {{ref}}`nada`.")
    (small.root / "expected/b.txt").unlink()
    (small.root / "suelta.md").write_text("# Suelta\n\nNadie la enlaza.\n")
    assert small.build().code == 1
    ran = verify(pytester, "conf.py", "a.md", "b.md", "suelta.md")
    assert ran.ret == 1
    said = ran.stdout.str()
    for what in (
        r"a\.md:6: WARNING: una celda dentro de otro bloque",
        r"a\.md:\d+: WARNING: undefined label: 'nada'",
        r"b\.md:1: WARNING: falta .*expected/b\.txt",
        r"suelta\.md: WARNING: document isn't included in any toctree",
    ):
        assert re.search(what, said), said
    assert len(re.findall("^FAILED conf.py", said, re.MULTILINE)) == 4
    assert "FAILED b.md::página" in said


def test_tests_are_red_for_a_cell_that_prints_something_else(
    small: Site, pytester: pytest.Pytester
) -> None:
    small.edit("expected/a.txt", "    1", "    2")
    ran = verify(pytester, "conf.py", "a.md", "b.md")
    ran.assert_outcomes(failed=1, passed=4)
    assert "FAILED a.md::5 print(1)" in ran.stdout.str()


def test_the_report_of_a_page_goes_with_its_failure(small: Site) -> None:
    report = small.root / "_build/html/reports/a.err.log"
    for cell, reported in (("1 / 0", True), ("print(1)", False)):
        small.page("a", cell)
        assert small.build().code == reported
        assert report.exists() is reported


def test_tests_are_red_for_a_build_that_was_cut_short(
    small: Site, pytester: pytest.Pytester
) -> None:
    small.edit("conf.py", "extensions = [", f"{ENDS}extensions = [")
    (small.root / "a.md").touch()
    assert small.build().code == 2
    ran = verify(pytester, "conf.py", "a.md")
    ran.assert_outcomes(failed=2, passed=2)
    assert "se acabó" in ran.stdout.str()
    assert "la construcción no ha terminado" in ran.stdout.str()


def test_a_page_that_was_wrong_runs_again_after_a_build_that_was_cut_short(small: Site) -> None:
    small.edit("expected/a.txt", "    1", "    2")
    (small.root / "a.md").touch()
    assert small.build().code == 1
    conf = (small.root / "conf.py").read_text()
    (small.root / "conf.py").write_text(conf.replace("extensions = [", f"{ENDS}extensions = ["))
    (small.root / "b.md").touch()
    assert small.build().code == 2
    (small.root / "conf.py").write_text(conf)
    built = small.build()
    assert built.code == 1
    assert "a" in built.executed


def test_without_a_build_the_tests_say_so(pytester: pytest.Pytester) -> None:
    Site.new(pytester.path).page("a", "print(1)")
    ran = verify(pytester, "conf.py", "a.md")
    ran.assert_outcomes(failed=3)
    assert "El sitio no está construido: ejecuta «nox -s docs»." in ran.stdout.str()


UNKNOWN = {
    ":raise: ValueError\nint('x')": "no existe la opción «raise»",
    ":untill: batches>=1\nprint(1)": "no existe la opción «untill»",
    ":varies: relojes\nprint(1)": "no existe el valor de «:varies:» «relojes»",
    ":tags: [hide-imput]\nprint(1)": "no existe la etiqueta «hide-imput»",
    ":tags: [raises-exception]\nprint(1)": "no existe la etiqueta «raises-exception»",
    "": "la celda está vacía",
}


def test_unknown_words_are_refused_at_their_line(site: Site) -> None:
    for number, source in enumerate(UNKNOWN):
        site.page(f"p{number}", source)
    (site.root / "directiva.md").write_text(
        "# Directiva\n\n```{player} Nada\n:vieww: tables\nnada: Nada\n```\n\n```{playre} x\n```\n"
    )
    site.edit("index.md", "p0\n", "directiva\np0\n")
    for built in (site.build("-D", "streamdocs_regen=1"), site.build()):
        assert built.code == 1
        for number, said in enumerate(UNKNOWN.values()):
            assert f"p{number}.md:5: WARNING: {said}" in built.err, built.err
        assert re.search(r"directiva\.md:\d: WARNING: .*vieww", built.err)
        assert re.search(r"directiva\.md:\d+: WARNING: Unknown directive type: 'playre'", built.err)


def test_a_page_that_cannot_be_read_is_named_and_the_others_are_built(site: Site) -> None:
    site.page("a", "print(1)")
    site.regen()
    (site.root / "latin.md").write_bytes(b"# A\xf1o\n\nTexto.\n")
    (site.root / "titulo.md").write_text("Sin nada que lo encabece.\n")
    (site.root / "vacia.md").write_text("")
    (site.root / "yaml.md").write_text("# Yaml\n\n```{code-cell}\n---\na: [\n---\n1\n```\n")
    (site.root / "corte.md").write_text("# Corte\n\n```{code-cell}\nprint('a\u2028b')\n```\n")
    site.edit("index.md", "a\n", "a\nlatin\ntitulo\nvacia\nyaml\ncorte\n")
    built = site.build()
    assert built.code == 1
    assert "Traceback" not in built.err
    said = "latin.md: WARNING: no está en UTF-8 (byte 0xf1, línea 1): guárdalo"
    assert built.err.count("latin.md") == built.err.count(said) == 1, built.err
    for said in (
        "titulo.md:1: WARNING: la página no tiene título",
        "vacia.md:1: WARNING: la página no tiene título",
        "yaml.md:3: WARNING: no se puede leer",
        "corte.md:4: WARNING: el carácter '\\u2028' parte la línea",
    ):
        assert said in built.err, built.err
    assert "<p>Una frase.</p>" in (site.root / "_build/html/a.html").read_text()


def test_a_page_reads_the_same_alone_and_in_the_site(tmp_path: Path) -> None:
    """A cell in a block of colons is none, for «nox -s page» either."""
    for part in ("docs", "examples", "tests/expected"):
        (tmp_path / part).mkdir(parents=True)
    tip = ":::{tip}\n\n```{code-cell}\nprint('dentro')\n```\n:::"
    page = tmp_path / "docs" / "a.md"
    page.write_text(f"# A\n\n{tip}\n\n```{{code-cell}}\nprint('fuera')\n```\n")
    command = [sys.executable, "-m", "streamdocs.checking.one_page", "--accept", "docs/a.md"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "tests/expected/a.txt").read_text() == "print('fuera')\n    fuera\n"


def test_a_page_without_cells_is_not_run_alone(tmp_path: Path) -> None:
    for part in ("docs", "examples", "tests/expected"):
        (tmp_path / part).mkdir(parents=True)
    (tmp_path / "docs" / "a.md").write_text("# A\n")
    command = [sys.executable, "-m", "streamdocs.checking.one_page", "docs/a.md"]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 1
    assert ran.stderr == "docs/a.md no tiene celdas: no hay nada que ejecutar.\n"


HELPER = "valor = 1\n"
USES = "from ayuda import valor\n\nprint('vale', valor)\n"


@pytest.mark.parametrize(
    "typed",
    [
        "cd examples\npython otro.py",
        "python examples/otro.py",
        "cd ~/examples; ls; python ./otro.py",
    ],
)
def test_a_helper_that_changes_runs_its_page_again(site: Site, typed: str) -> None:
    (site.root / "examples/ayuda.py").write_text(HELPER)
    (site.root / "examples/otro.py").write_text(USES)
    site.page("a", f"%%terminal 1\n{typed}")
    site.regen()
    assert site.build().executed == set()
    (site.root / "examples/ayuda.py").write_text("valor = 2\n")
    built = site.build()
    assert (built.code, built.executed) == (1, {"a"})
    assert "-    vale 1\n+    vale 2" in built.err.replace("\n ", "\n")


def test_what_a_page_does_not_name_it_cannot_reach(site: Site) -> None:
    (site.root / "examples/secreto.py").write_text("print('sí')\n")
    hidden = "d=exam; python ${d}ples/secreto.py 2>&1 | grep -c 'No such file'"
    site.page("a", f"%%terminal 1\n{hidden}")
    site.regen()
    assert "    1\n" in (site.root / "expected/a.txt").read_text()


def test_a_new_file_in_a_folder_that_a_page_lists_runs_it_again(site: Site) -> None:
    (site.root / "examples/datos").mkdir()
    (site.root / "examples/datos/uno.txt").write_text("1")
    site.page("a", "%%terminal 1\nls examples/datos")
    site.regen()
    assert site.build().executed == set()  # what is expected was new, and is no longer
    (site.root / "examples/datos/dos.txt").write_text("2")
    assert site.build().executed == {"a"}


SQUARE = """from IPython.display import SVG
SVG('<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"/></svg>')"""
DOT = """import base64
from IPython.display import Image
Image(base64.b64decode("{}"))"""
PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
)


def test_pictures_are_compared(site: Site) -> None:
    site.page("dibujo", SQUARE)
    site.page("foto", DOT.format(PNG[0]))
    site.regen()
    site.edit("dibujo.md", 'width="1"', 'width="2"')
    site.edit("foto.md", PNG[0], PNG[1])
    built = site.build()
    assert built.code == 1
    assert '-    <rect width="1"/>\n+    <rect width="2"/>' in built.err
    assert "foto.md:5: WARNING" in built.err
    assert len(re.findall(r"^[-+] +image/png, .*SHA-256", built.err, re.MULTILINE)) == 2


@pytest.mark.parametrize("printed", ["x   ", "x\\n\\n\\n", " x", "\\tx", "x\\n ", "\\nx"])
def test_white_space_counts(site: Site, printed: str) -> None:
    site.page("a", "# Escribe.\nx = 'x'\nprint(x)")
    site.regen()
    site.edit("a.md", "x = 'x'", f"x = '{printed}'")
    built = site.build()
    assert built.code == 1
    assert "a.md:5: WARNING: la celda «# Escribe.»:" in built.err


def test_a_newline_at_the_end_counts(site: Site) -> None:
    site.page("a", "# Escribe.\nend = '\\n'\nprint('x', end=end)")
    site.regen()
    site.edit("a.md", "end = '\\n'", "end = ''")
    built = site.build()
    assert built.code == 1
    assert "+\\ sin salto de línea al final" in built.err
    site.regen()
    assert site.build().code == 0


def test_a_long_output_is_folded_and_the_time_of_bash_may_vary(site: Site) -> None:
    site.page("a", "%%terminal 1\nseq 5000", "for n in range(5000): print(n)", "print('corto')")
    site.page("b", ":varies: duraciones\n%%terminal 1\ntime sleep 0.01")
    site.regen()
    html = (site.root / "_build/html/a.html").read_text()
    assert re.findall(r'<details class="long"><summary>(\d+) líneas', html) == ["5001", "5000"]
    site.edit("expected/b.txt", "sys\t0m0.", "sys\t1m9.")
    assert site.build().code == 0


@pytest.mark.parametrize("broken", [b"esto no es una base de datos" * 9, b"\0" * 8192])
def test_a_cache_whose_database_is_broken_is_made_again(site: Site, broken: bytes) -> None:
    site.page("a", "print(1)")
    site.regen()
    (database,) = site.root.glob("_build/jupyter-cache/*/global.db")
    database.write_bytes(broken)
    site.edit("a.md", "print(1)", "print( 1)")
    built = site.build("-D", "streamdocs_regen=1")
    assert (built.code, built.executed) == (0, {"a"}), built.err


@pytest.mark.parametrize(("folders", "passed"), [((), 1), (("docs",), 0)])
def test_only_a_course_has_examples_that_are_no_tests(
    pytester: pytest.Pytester, folders: tuple[str, ...], passed: int
) -> None:
    """Elsewhere a folder of that name is a reader's own."""
    for name in folders:
        pytester.mkdir(name)
    pytester.mkdir("examples")
    file = pytester.mkdir("examples/ejercicios") / "prueba.py"
    file.write_text("def test_algo():\n    pass\n", "utf-8")
    options = ("-p", "no:cacheprovider", f"--rootdir={pytester.path}")
    found = pytester.runpytest_subprocess(*options, str(file))
    found.assert_outcomes(passed=passed)

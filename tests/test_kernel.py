"""What a cell may do that is no plain print: warn, be interrupted, ask, run another."""

from __future__ import annotations

import random
import re
from pathlib import Path

import psutil
import pytest
from conftest import SESSION, Site

import streamdocs.system.guard


def printed(site: Site, name: str = "a") -> str:
    return (site.root / "expected" / f"{name}.txt").read_text()


def test_a_warning_is_the_same_in_each_build_and_shows_its_line(site: Site) -> None:
    warn = "import warnings\nwarnings.warn('cuidado')"
    site.page("a", warn, "def f():\n    warnings.warn('otra')", "# nada\nf()")
    site.regen()
    site.edit("a.md", warn, f"{warn}\n")
    built = site.build()
    assert (built.code, built.executed) == (0, {"a"}), built.err
    assert "<celda 1>:2: UserWarning: cuidado" in printed(site)
    assert "      warnings.warn('cuidado')" in printed(site)
    # A function of an earlier cell is still known by its own text.
    assert "<celda 2>:2: UserWarning: otra\n      warnings.warn('otra')" in printed(site)
    html = site.published()["a.html"]
    assert "cuidado" in html
    assert not re.search(r"/tmp|ipykernel", html)


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "SystemExit", "SystemExit(3)"])
def test_any_error_that_is_declared_is_shown_as_class_and_message(site: Site, error: str) -> None:
    name = error.partition("(")[0]
    site.page("a", f":raises: {name}\nraise {error}", "print('sigue')")
    site.regen()
    assert site.build().code == 0
    shown = f"{name}: 3" if "3" in error else name
    assert f"raise {error}\n    {shown}\n" in printed(site)
    assert "sigue" in printed(site)
    html = site.published()["a.html"]
    for noise in ("To exit", "Traceback", "\x1b", "[0m", "%tb"):
        assert noise not in html


def test_the_shell_may_run_other_code_in_a_cell(site: Site) -> None:
    """Cells that say the same, or nothing, are told apart, too."""
    nested = "get_ipython().run_cell('print(1)')"
    empty = "get_ipython().run_cell('')\nprint(2)"
    site.page(
        "a", nested, f"{empty}\nget_ipython().run_cell({empty!r})", nested, ":varies: horas\n7"
    )
    site.regen()
    assert site.build().code == 0
    blocks = printed(site).split("\n\n")
    assert [block.count("    1\n") for block in blocks] == [1, 0, 1, 0]
    assert blocks[1].count("    2\n") == 2
    assert "get_ipython" not in str(site.build("-E", "-D", "nb_execution_mode=force").err)


def test_each_cell_has_its_own_options_and_waits_when_it_ends(site: Site) -> None:
    """Though another says the same, and though it has the shell run more in between."""
    short = "import streamdocs.running.settle\nstreamdocs.running.settle.DEADLINE = 1"
    nested = "get_ipython().run_cell('print(1)')\nprint('fin')"
    late = ":until: batches>=1\n:raises: WaitTimeoutError\n"
    site.page("a", short, nested, f"{late}{nested}")
    site.regen()
    assert site.build().code == 0
    first, second = printed(site).split("\n\n")[1:3]
    assert first.endswith("    1\n    fin")
    assert "    1\n    fin\n    WaitTimeoutError: He esperado 1 s" in second


ASKED = {
    "input('¿Quién?')": "PageError: «input()» espera a que alguien teclee, y en una página no hay",
    "%%nada": "UsageError: Cell magic `%%nada` not found.",
    "%%terminal 1": "PageError: Un «%%terminal» sin líneas no tiene nada que teclear: escribe",
}


@pytest.mark.parametrize("cell", ASKED)
def test_a_cell_that_waits_for_a_person_says_what_to_do(site: Site, cell: str) -> None:
    site.page("a", "print(1)", cell)
    built = site.build()
    assert built.code == 1
    assert "a.md:9: WARNING" in built.err
    assert ASKED[cell] in built.err


def sleepers(word: str) -> list[psutil.Process]:
    """The living processes that sleep for just that time."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.name() == "sleep" and word in process.cmdline():
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize("folder", ["~", "/"])
def test_what_hides_from_the_build_ends_with_its_page(site: Site, folder: str) -> None:
    """Without a tag, in a session of its own, in any folder, and what it starts, too."""
    times = [str(random.uniform(400, 500)) for _ in range(2)]
    hide = [
        f"cd {folder}",
        f"env -i setsid sleep {times[0]} &",
        f"(env -i setsid bash -c 'sleep {times[1]} & wait' &)",
    ]
    look = f"""import psutil
def asleep():
    commands = [p.info["cmdline"] or () for p in psutil.process_iter(["cmdline"])]
    return sum("sleep" in command and bool(set({times}) & set(command)) for command in commands)"""
    # What is in no session of the terminal's begins when it begins.
    begun = """from streamdocs.system import waiting
waiting.until(lambda: asleep() == 2, "los dos duerman", 60)"""
    site.page("a", "%%terminal 1\n" + "\n".join(hide), look, f"{begun}\nprint(asleep())")
    site.page("b", look, "print(asleep())")
    site.build("-D", "streamdocs_regen=1")
    assert printed(site).rstrip().endswith("    2")
    assert printed(site, "b").rstrip().endswith("    0")
    assert [sleepers(time) for time in times] == [[], []]


def test_a_stopped_page_leaves_no_other_alone(site: Site) -> None:
    """Each home ends what is its own."""
    site.page("a", SESSION, "print(spark.range(2).count())", "%%terminal 1\nnc -lk 127.0.0.1 9871")
    site.page("b", SESSION, "print(spark.range(3).count())", "%%terminal 1\nnc -lk 127.0.0.1 9871")
    assert site.regen().executed == {"a", "b"}


def test_only_orphans_in_the_folder_count(tmp_path: Path) -> None:
    """Who looks around in a build's folder, in a terminal, is left alone."""
    me = psutil.Process()
    with psutil.Popen(["sleep", "60"], cwd=tmp_path, start_new_session=True) as orphan:
        assert streamdocs.system.guard._orphan_in(tmp_path, orphan)
        assert not streamdocs.system.guard._orphan_in(tmp_path / "otra", orphan)
        orphan.kill()
    assert not streamdocs.system.guard._orphan_in(tmp_path, me)

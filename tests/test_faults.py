"""What is killed, full, taken or nested is seen, named, and gone when the build ends."""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from conftest import DOCS, ROOT, SESSION, Site
from sites import hold_turn

import streamdocs
from streamdocs.checking.verdict import Verdict
from streamdocs.errors import StreamdocsError, WaitTimeoutError
from streamdocs.exercises.attempt import Attempt
from streamdocs.running.build import Build
from streamdocs.system import turn

KILL_KERNEL = "import os\nos.kill(os.getpid(), 9)"
KILL_JVM = """import signal
import psutil
os_pid = spark._jvm.java.lang.ProcessHandle.current().pid()
psutil.Process(os_pid).send_signal(signal.SIGKILL)
spark.range(3).count()"""


def test_a_killed_kernel_is_named_and_the_other_pages_go_on(site: Site) -> None:
    site.page("a", "print('antes')", KILL_KERNEL, "print('nunca')")
    site.page("b", "print('bien')", KILL_KERNEL)
    site.page("c", "print('bien')")
    built = site.build()
    assert (built.code, built.executed & {"a", "b"}) == (1, {"a", "b"}), built.err
    for name in ("a", "b"):
        assert f"{name}.md:9: WARNING: la celda «import os» ha fallado" in built.err
    assert built.err.count("KernelDiedError: El kernel de la página ha muerto") == 2
    assert "c.md:1: WARNING: falta" in built.err
    for name in ("a", "b"):
        site.edit(f"{name}.md", KILL_KERNEL, "print('sano')")
    assert site.regen().executed == {"a", "b"}


def test_a_killed_jvm_is_red_and_the_next_page_gets_another(site: Site) -> None:
    site.page("a", SESSION, KILL_JVM)
    site.page("b", SESSION, "print(spark.range(3).count())")
    built = site.build("-D", "streamdocs_regen=1")
    assert built.code == 1
    assert "a.md:10: WARNING: la celda «import signal» ha fallado" in built.err
    assert "b.md" not in built.err
    assert "    3" in (site.root / "expected/b.txt").read_text()


def test_a_cell_that_takes_too_long_is_named(site: Site) -> None:
    site.page("a", "print(1)", "import time\ntime.sleep(99)")
    built = site.build("-D", "nb_execution_timeout=2")
    assert built.code == 1
    assert "a.md:9: WARNING: la celda «import time» ha fallado" in built.err
    assert "He esperado 2 s a que la celda termine, y no ha ocurrido." in built.err


def test_red_things_are_red_all_at_once(site: Site) -> None:
    """Nested, hidden, outside every toctree, longer, shorter, another error: and once more."""
    site.page("anidada", "print(1)")
    site.page("crece", "print(1)")
    site.page("encoge", "print(1)\nprint(2)")
    site.page("error", ":raises: ValueError\nint('x')")
    site.page("oculta", "print(1)", ":tags: [remove-cell]\nprint('oculta')")
    site.regen()
    nested = "````{tip}\n```{code-cell}\n1 / 0\n```\n````"
    site.edit("anidada.md", "Una frase.", f"Una frase.\n\n{nested}")
    site.edit("crece.md", "print(1)", "print(1)\nprint(2)")
    site.edit("encoge.md", "print(2)", "")
    site.edit("error.md", "int('x')", "1 / 0")
    site.edit("oculta.md", "print('oculta')", "print('oculta')\nprint(2)")
    (site.root / "suelta.md").write_text("# Suelta\n\nNadie la enlaza.\n")
    for built in (site.build(), site.build()):
        assert built.code == 1
        assert "anidada.md:6: WARNING: una celda dentro de otro bloque no se ejecuta" in built.err
        assert "crece.md:5: WARNING: la celda «print(1)»:" in built.err
        assert "encoge.md:5: WARNING: la celda «print(1)»:" in built.err
        assert "error.md:5: WARNING: la celda «1 / 0» debía fallar con ValueError" in built.err
        assert "con otro error:\nZeroDivisionError" in built.err
        assert "oculta.md:9: WARNING: la celda «print('oculta')»" in built.err
        assert "suelta.md: WARNING: document isn't included in any toctree" in built.err


SMALL_DISK = """
mount -t tmpfs -o size=$1 tmpfs $2
$3 -m sphinx -q -W -n . _build/html
echo código $?
mount -o remount,size=50m tmpfs $2
$3 -m sphinx -q -W -n . _build/html 1>&2
echo código $?
cp -r _build/html publicado
"""
OWN_MOUNTS = ["unshare", *(["--map-root-user"] if os.geteuid() else []), "--mount"]


@pytest.mark.skipif(
    subprocess.run([*OWN_MOUNTS, "true"]).returncode != 0, reason="no mount namespaces here"
)
@pytest.mark.parametrize(
    ("folder", "size"),
    [
        *(("_build", "200k"), ("tmp", "20k")),
        *(
            pytest.param("_build", f"{size}k", marks=pytest.mark.full)
            for size in (40, 60, 80, 100, 120, 140, 160, 180, 220, 240, 280, 320, 360)
        ),
        *(pytest.param("tmp", f"{size}k", marks=pytest.mark.full) for size in (4, 150, 300, 500)),
    ],
)
def test_a_full_disk_is_said_and_the_next_build_is_whole(
    site: Site, folder: str, size: str
) -> None:
    fill = "head -c 200000 /dev/zero | tr '\\0' x > grande; wc -c grande"
    site.page("a", "print(1)", f"%%terminal 1\n{fill}")
    site.page("b", "print(2)")
    site.regen()
    whole = site.published()
    shutil.rmtree(site.root / "_build")
    (site.root / "_build").mkdir()
    tmp = tempfile.mkdtemp()  # the name of a build's folder must be short
    built = subprocess.run(
        [
            *OWN_MOUNTS,
            "sh",
            "-c",
            SMALL_DISK,
            "sh",
            size,
            tmp if folder == "tmp" else folder,
            sys.executable,
        ],
        cwd=site.root,
        env=dict(os.environ) | {"TMPDIR": tmp},
        capture_output=True,
        text=True,
        timeout=200,
    )
    # By us, or by the program in a terminal that had no room.
    assert re.search("No queda sitio en el disco, en |No space left on device", built.stderr)
    assert "sphinx-err" not in built.stderr
    codes = re.findall(r"^código (\d)$", built.stdout, re.MULTILINE)
    assert codes == ["1", "0"], built.stderr
    assert site.published("publicado") == whole
    assert list(Path(tmp).iterdir()) == []


def test_what_cannot_be_written_beside_the_pages_is_said(site: Site) -> None:
    site.page("a", SESSION)
    site.regen()
    notebook = site.root / "_build/html/a.ipynb"
    notebook.unlink()
    notebook.mkdir()
    (site.root / "a.md").touch()
    built = site.build()
    assert built.code == 1
    assert re.search(r"^No he podido escribir todo el sitio: .*a\.ipynb", built.err, re.MULTILINE)
    notebook.rmdir()
    (site.root / "a.md").touch()
    assert site.build().code == 0
    assert notebook.is_file()


@pytest.mark.parametrize("part", ["global.db", "executed/*/base.ipynb"])
def test_a_cache_that_was_cut_short_is_made_again(site: Site, part: str) -> None:
    """As a kill leaves it: a database without tables, half a page, and the mark of a build."""
    site.page("a", "print(1)")
    site.regen()
    (half,) = site.root.glob(f"_build/jupyter-cache/*/{part}")
    half.write_bytes(half.read_bytes()[: 0 if half.suffix == ".db" else 100])
    Verdict("").save(site.root / "_build" / "html" / ".doctrees")
    built = site.build()
    assert (built.code, built.executed) == (0, {"a"}), built.err


def test_the_published_site_tells_nothing_of_the_machine_that_built_it() -> None:
    """No path, no temporary folder, no host name: neither in pages nor in notebooks."""
    places = [str(ROOT), f"{Path.home()}/", f"@{socket.gethostname()}", "/tmp/streamdocs-"]
    telling = re.compile("|".join(map(re.escape, places)).encode())
    found = {
        str(file.relative_to(DOCS)): match[0]
        for file in (DOCS / "_build" / "html").rglob("*")
        if file.is_file() and (match := telling.search(file.read_bytes()))
    }
    assert found == {}


def every_error() -> set[type[StreamdocsError]]:
    """The errors of the package, wherever they are defined."""
    for module in pkgutil.walk_packages(streamdocs.__path__, "streamdocs."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, waiting = set(), [StreamdocsError]
    while waiting:
        waiting += (below := waiting.pop().__subclasses__())
        found |= set(below)
    return found


@pytest.mark.parametrize("kind", sorted(every_error(), key=str))
def test_every_error_is_explained_to_maintainers(kind: type[StreamdocsError]) -> None:
    assert f"\n| `{kind.__name__}` |" in (DOCS / "escribir-paginas.md").read_text("utf-8")


def test_a_second_build_waits_for_the_first_which_is_killed(site: Site) -> None:
    site.page("a", "print(1)")
    with hold_turn() as holder:
        said = f"a:5: espero a que acabe la construcción del proceso PID {holder.pid}\n"
        command = [sys.executable, "-m", "sphinx", "-q", "-D", "streamdocs_regen=1", ".", "_build"]
        with subprocess.Popen(command, cwd=site.root, stdout=subprocess.PIPE, text=True) as build:
            assert build.stdout
            assert said in iter(build.stdout.readline, "")
            assert not (site.root / "expected").exists()
            holder.kill()
            assert build.wait(timeout=120) == 0
    assert (site.root / "expected/a.txt").exists()


def test_a_turn_that_never_comes_has_a_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turn, "DEADLINE", 0.5)
    said: list[str] = []
    with hold_turn() as holder:
        what = f"acabe la construcción del proceso PID {holder.pid}"
        with pytest.raises(WaitTimeoutError, match=what):
            turn.take(said.append)
        holder.kill()
    assert said == [f"espero a que {what}"]
    turn.take(said.append).close()


def test_a_build_does_not_wait_for_the_one_that_started_it() -> None:
    with turn.take(print), hold_turn() as holder:
        holder.kill()


APART = [sys.executable, "-m", "streamdocs.system.netns"]


@pytest.mark.skipif(
    subprocess.run([*APART, "true"]).returncode != 0, reason="no network namespaces here"
)
def test_networks_apart_have_turns_apart() -> None:
    other = "from streamdocs.system import turn\nturn.take(print).close()"
    with hold_turn() as holder:
        assert subprocess.run([*APART, sys.executable, "-c", other], timeout=60).returncode == 0
        holder.kill()


REFUSE = """
from streamdocs.system import netns
def refuse():
    raise PermissionError(1, "no")
netns._switch_loopback_on = refuse
"""


def test_where_networks_apart_are_refused_half_way_pages_go_one_by_one(site: Site) -> None:
    """As where the system lets a user have a namespace, and then nothing in it."""
    (site.root / "conf.py").write_text((site.root / "conf.py").read_text() + REFUSE)
    connect = "socket.create_connection(server.getsockname(), 5).close()\nprint('llega')"
    listen = "import socket\nserver = socket.create_server(('127.0.0.1', 0))"
    for name in ("a", "b", "c", "d", "e", "f"):  # fewer than six, Sphinx reads in one process
        site.page(name, f"{listen}\n{connect}\nprint('{name}')")
    built = site.build("-j", "2", "-D", "streamdocs_regen=1")
    assert (built.code, len(built.executed)) == (0, 6), built.err
    assert built.out.count("El sistema no permite redes aparte") == 1


def test_a_build_leaves_the_environment_as_it_was() -> None:
    before = dict(os.environ)
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        assert os.environ["JUPYTER_RUNTIME_DIR"] == str(build.workspace.folder / "jupyter")
    assert dict(os.environ) == before


def test_two_homes_are_each_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "duerme.py").write_text("import time\ntime.sleep(60)\n")
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        first, second = (Attempt(build, tmp_path / "duerme.py") for _ in range(2))
        first.start()
        second.start()
        assert (first.running, second.running) == (True, True)
        first.stop()
        assert (first.running, second.running) == (False, True)
        second.stop()
        assert (first.running, second.running) == (False, False)


def test_a_home_holds_the_examples_that_it_is_given() -> None:
    with Build(ROOT / "examples", lambda event: None, warm=False) as build:
        build.open()
        few = build.workspace.new_home(["nc/variantes.py"]).path / "examples"
        assert [file for file in few.rglob("*") if file.is_file()] == [few / "nc" / "variantes.py"]
        every = build.workspace.new_home().path / "examples"
        assert (every / "hola" / "palabras.py").exists()

"""Each row of the maintainers' table of errors happens, and says what the table says."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import test_questions
import test_stores
from conftest import DOCS, NOBODY_LISTENS, ROOT, SESSION, Site, fake_java
from jupyter_client.manager import KernelManager
from sites import hold_turn

from streamdocs import cli, errors
from streamdocs.aula import serve, server
from streamdocs.aula.place import Place
from streamdocs.checking import transcript
from streamdocs.errors import StreamdocsError
from streamdocs.exercises import evidence, files
from streamdocs.exercises.attempt import Attempt
from streamdocs.exercises.catalogue import EXERCISES
from streamdocs.exercises.check import Verdict
from streamdocs.kafka import jars
from streamdocs.kafka.broker import Broker
from streamdocs.publishing import proof
from streamdocs.publishing.book import pdf
from streamdocs.running import execution, jvm
from streamdocs.running.build import Build
from streamdocs.system import procfs, programs, shell, turn
from streamdocs.system.terminal import Terminal

CLAIMED = """```{matches} nada.
no lo dice nadie
```

## Otro

```{matches} nada.
no lo dice nadie
```
"""
MATRIX = """from IPython.display import HTML
HTML('<div class="matriz"><table></table></div>')"""
RECORDED = """:record: otro
consulta = spark.readStream.format("rate").load().writeStream.format("console").start()"""


def rows() -> dict[str, str]:
    """What the table says that an error says, with the error's class or \"\"."""
    text = (DOCS / "escribir-paginas.md").read_text("utf-8").partition("| Error | Dice |")[2]
    table = re.findall(r"^\| (?:`(\w+)`)? ?\| (.*?) \| .* \|$", text, re.MULTILINE)
    return {words: kind for kind, cell in table for words in re.findall(r"`([^`]+)`", cell)}


def pattern(words: str) -> str:
    """The pattern of what the table quotes: «…» and the numbers stand for anything."""
    return re.sub(r"\d+|…", r"[\\s\\S]*?", re.escape(words))


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a build says of a site in which every page is wrong."""
    site = Site.new(tmp_path_factory.mktemp("red"))
    site.edit("conf.py", 'expected = "expected"', 'expected = "tests/expected"')
    (site.root / "examples" / "dos.py").write_text("# %% Uno\na = 1\n\n# %% Uno\na = 2\n")
    site.page("bien", "print(1)")
    site.page("cambia", "print(1)")
    site.regen()
    site.edit("cambia.md", "print(1)", "print(2)")
    site.page("nueva", "print(1)")
    short = "import streamdocs.running.settle\nstreamdocs.running.settle.DEADLINE = 1"
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        site.page("puerto", f"%%terminal 1\nnc -lk 127.0.0.1 {port}")
        site.page("espera", short, "%%terminal 1\nsleep 99")
        site.page("consulta", NOBODY_LISTENS)
        site.page("kernel", "import os\nos.kill(os.getpid(), 9)")
        site.page("pide", "input()")
        site.page("muda", "%%terminal 1")
        site.page("ejemplo", ":example: no/existe.py#Nada")
        site.page("celda", ":example: productor/nombre.py#Nada")
        site.page("titulo", ":example: dos.py#Uno")
        site.page("hasta", f":until: nunca\n{SESSION}")
        site.page("calla", ":raises: ValueError\nprint(1)")
        site.page("otro", ":raises: ValueError\n1 / 0")
        site.page("graba", SESSION, RECORDED)
        site.page("opcion", ":raise: ValueError\nprint(1)")
        site.page("varia", ":varies: relojes\nprint(1)")
        site.page("etiqueta", ":tags: [nada]\nprint(1)")
        site.page("vacia", "")
        site.page("marca", ":marks: nada\nprint(1)")
        site.page("matriz", MATRIX)
        site.page("corte", "print('\u2028')")
        site.page("yaml", "---\na: [\n---\n1")
        site.page("latin")
        site.page("firma", "print(1)")
        site.edit("firma.md", "Una frase.", CLAIMED)
        site.page("palabra", "print(1)")
        site.edit("palabra.md", "# Página", "---\nkeywords: {nada: uno, '': 'dos'}\n---\n# Página")
        site.page("repite", "print(1)")
        site.edit("repite.md", "# Página", "---\nkeywords: dos\n---\n# Página")
        (site.root / "latin.md").write_bytes(b"# A\xf1o\n")
        site.page("ejercicios/nada", "print(1)")
        site.page("criterio", "print(1)")
        site.edit("criterio.md", "# Página", "---\ncriterios: [nada]\n---\n# Página")
        site.page("desnuda")
        (site.root / "desnuda.md").write_text("Sin título.\n")
        for name, block in {
            "anida": "````{tip}\n```{code-cell}\n1\n```\n````",
            "caja": ":::{learn}\n:::",
            "lado": "```{side-by-side} nada\n```",
            "callada": "```{code-cell}\n:label: nada\nx = 1\n```\n\n```{side-by-side} nada\n```",
            "muestra": "```{player} Nada\nnada: Nada\n```",
            "quieto": "```{player} Nada\n```",
            "pistas": ":::{hints}\nNada.\n:::",
            "lista": "```{exercises}\n```\n\n```{criteria}\n```",
            "plan": "```{plan} 0\nejercicio hola\nnada\n```",
        }.items():
            (site.root / f"{name}.md").write_text(f"# {name}\n\n{block}\n")
            site.edit("index.md", "bien\n", f"bien\n{name}\n")
        recorded = {"scenario": {"id": "a", "op": "count", "mode": "append"}, "spark": {}}
        (site.root / "model").mkdir()
        (site.root / "model/a.jsonl.gz").write_bytes(gzip.compress(json.dumps(recorded).encode()))
        return site.build().err


def no_java(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("PATH", str(tmp_path))
    patch.delenv("JAVA_HOME", raising=False)
    programs.find("java")


def old_java(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    fake_java(tmp_path, 'openjdk version "11.0.20" 2023-07-18')
    no_java(tmp_path, patch)


def other_build(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(turn, "DEADLINE", 0.1)
    with hold_turn() as holder:
        try:
            turn.take(print)
        finally:
            holder.kill()


def left_open(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """At once: nobody would close it meanwhile."""
    patch.setattr(turn, "DEADLINE", 0.1)
    with turn.take(print):
        turn.take(print)


def dead_jvm(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()
        patch.setattr(one.workspace, "_java_home", "/no/existe")
        jvm.Jvm(one.workspace, one.workspace.place("jvm"))


def slow_jvm(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(jvm, "STARTED", 0.1)
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()
        jvm.Jvm(one.workspace, one.workspace.place("jvm"))


def kernel_alone(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    KernelManager(kernel_name="streamdocs").start_kernel()


def long_name(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("tempfile.tempdir", str(tmp_path / ("x" * 80)))
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()


def no_guard(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("sys.executable", "/bin/false")
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()


def two_in_one(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    with Build(ROOT / "examples", lambda event: None), Build(tmp_path, lambda event: None):
        raise AssertionError


def no_network(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("XDG_CACHE_HOME", str(tmp_path))
    patch.setenv("JAVA_TOOL_OPTIONS", "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9")
    jars.jars()


def no_network_for_a_package(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setenv("XDG_CACHE_HOME", str(tmp_path))
    patch.setenv("JAVA_TOOL_OPTIONS", "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9")
    jars.package("org.postgresql:postgresql:42.7.14")


def no_user_namespaces(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    refuses = tmp_path / "unshare"
    refuses.write_text("#!/bin/sh\nexit 1\n")
    refuses.chmod(0o755)
    patch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    shell.as_user("nobody")


def other_jars(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    jars.check(tmp_path)


def dead_broker(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").write_text("no es una carpeta")
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()
        Broker(tmp_path, os.environ).ensure()


def other_transcript(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("streamdocs.running.settle.DEADLINE", 1.0)
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()
        home = one.workspace.new_home()
        blocks = transcript.parse("Terminal 1:\n    $ echo uno\n    dos\n")
        env = one.workspace.environment(home)
        transcript.replay(blocks, lambda name: Terminal(name, home.path, env))


def failing_program(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    (tmp_path / "falla.py").write_text("1 / 0\n")
    with Build(ROOT / "examples", lambda event: None, warm=False) as one:
        one.open()
        attempt = Attempt(one, tmp_path / "falla.py")
        attempt.start()
        attempt.finish()


def nobody_to_write_to(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    with Build(ROOT / "examples", lambda event: None) as one:
        one.open()
        home = one.workspace.new_home()
        blocks = transcript.parse("Terminal 1:\n    $ true\n    > hola\n")
        env = one.workspace.environment(home)
        transcript.replay(blocks, lambda name: Terminal(name, home.path, env))


def stray_line(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """As a docstring that is not raw gives it."""
    transcript.parse("Terminal 1:\n    $ printf 'uno\n' > a.txt\n    $ cat a.txt\n    uno\n")


def hidden_process(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """What one may not look into, such as the first process where one is not root."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        procfs.waits_for_time(1)
    finally:
        if root:
            os.seteuid(0)


def full_disk(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    """test_faults fills a disk."""
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        os.write(full, b"x")
    except OSError as error:
        raise execution._readable(error, 1) from error
    finally:
        os.close(full)


def nothing_recorded(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    proof.compare([])


def no_node(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(proof, "find_spec", lambda name: None)
    proof.compare([tmp_path])


def unreadable(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    proof.compare([tmp_path / "no-existe.jsonl.gz"])


def forged_report(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    tried = evidence.Try("ana", "hola", 7, {"hola.py": "a = 1\n"}, 1.0)
    file = tmp_path / "ana.html"
    evidence.write(evidence.of(tried, Verdict((), ())), file)
    file.write_text(file.read_text("utf-8").replace('"seed": 7', '"seed": 8'), "utf-8")
    evidence.read(file)


def nowhere_to_print(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "a.html"
    page.write_text("<p>Hola</p>")
    pdf.print_page(page, tmp_path / "no-existe" / "a.pdf")


def no_exercise(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    cli._exercise("ninguno")


def begun_twice(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        files.begin(EXERCISES["hola"], tmp_path)


def unknown_store(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    test_stores.kept(patch, [("globalLimit", 1), ("stateStoreSave", 2)])


def other_count(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    test_stores.kept(patch, [("symmetricHashJoin", 4)], "a", "b")


def no_site(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    Place(tmp_path)


def no_page(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_downloads" / "a").mkdir(parents=True)
    (tmp_path / "_downloads" / "a" / "ejemplos.zip").touch()
    Place(tmp_path).text("no/existe")


def no_port(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    bind = server.bind_sockets

    def taken(port: int, host: str) -> Any:
        if host == "::1":
            raise OSError(errno.EADDRINUSE, "")
        return bind(port, host)

    patch.setattr(server, "bind_sockets", taken)
    server._bound()


def no_server(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(serve, "Place", lambda site: Place.__new__(Place))
    patch.setattr(Place, "folder", tmp_path, raising=False)
    patch.setattr(Place, "tag", "", raising=False)
    patch.delitem(sys.modules, "streamdocs.aula.server", raising=False)
    patch.delattr("streamdocs.aula.server", raising=False)
    # Each part of it that another test has imported is found without its package.
    parts = [name for name in sys.modules if name.startswith("jupyter_server.")]
    for name in ("jupyter_server", *parts):
        patch.setitem(sys.modules, name, None)
    serve.serve(tmp_path, tmp_path)


def no_question(said: str) -> Callable[[Path, pytest.MonkeyPatch], None]:
    """A question that is refused for that."""
    lines, options = test_questions.REFUSED[said]

    def ask(tmp_path: Path, patch: pytest.MonkeyPatch) -> None:
        test_questions.found(*lines, **options)

    return ask


ALONE: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "No encuentro java": no_java,
    "es Java 11": old_java,
    "… a que acabe la construcción del proceso PID …": other_build,
    "Este proceso no ha cerrado su construcción anterior": left_open,
    "La JVM de Spark ha terminado: …": dead_jvm,
    "… a que la JVM de Spark …": slow_jvm,
    "El kernel streamdocs solo funciona dentro de una construcción": kernel_alone,
    "El sistema no deja a root ser «nobody»": no_user_namespaces,
    "El nombre de la carpeta temporal … es demasiado largo": long_name,
    "El guardián que limpia tras la construcción no ha arrancado": no_guard,
    "Ya hay una construcción en marcha en este proceso": two_in_one,
    "No puedo descargar Kafka": no_network,
    "No puedo descargar el paquete …": no_network_for_a_package,
    "Los jar de Kafka no son los de …": other_jars,
    "El broker de Kafka ha terminado al arrancar": dead_broker,
    "está retocado: …": forged_report,
    "No hay ningún ejercicio que se llame …": no_exercise,
    "en esta carpeta, y no lo toco": begun_twice,
    "no se ve lo escrito": other_transcript,
    "El programa ha fallado": failing_program,
    "no hay ningún programa al que escribirle": nobody_to_write_to,
    "no es de ningún terminal": stray_line,
    "No puedo saber si un terminal ha acabado": hidden_process,
    "No queda sitio en el disco, en …": full_disk,
    "No hay nada grabado de Spark": nothing_recorded,
    "Chromium no ha podido imprimir": nowhere_to_print,
    "Falta Node.js": no_node,
    "No sé enseñar lo que guarda …": unknown_store,
    "… filas según Spark, y encuentro …": other_count,
    "no hay un sitio del curso": no_site,
    "no hay ninguna página que se llame …": no_page,
    "puertos que he probado: ciérralo, y repite": no_port,
    "que solo necesita el aula": no_server,
    "No puedo comparar el modelo del laboratorio": unreadable,
    "dos opciones son iguales": no_question("dos opciones son iguales: «el orden"),
    "acaba igual que la opción buena": no_question("«código dos» acaba igual que la opción"),
    "no es ninguna grabación con su batch": no_question("no es ninguna grabación"),
    "no tiene el batch": no_question("no tiene el batch «7»"),
    "ninguna celda falla con": no_question("ninguna celda falla con «OTRO»"),
    "a la pregunta le falta la explicación": no_question("la explicación"),
    "no dice de qué ejecución sale": no_question("de qué ejecución sale"),
}


@pytest.mark.parametrize("words", ALONE)
def test_an_error_of_the_package_happens(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(StreamdocsError, match=pattern(words)) as raised:
        ALONE[words](tmp_path, monkeypatch)
    assert type(raised.value).__name__ == rows()[words]


@pytest.mark.parametrize("words", [words for words in rows() if words not in ALONE])
def test_an_error_of_a_page_happens(words: str, red: str) -> None:
    kind = rows()[words]
    shown = f"{kind}: " if hasattr(errors, kind) and "Page" not in kind else ""
    assert re.search(shown + pattern(words), red), red


def test_the_table_says_nothing_else() -> None:
    assert set(ALONE) <= set(rows())

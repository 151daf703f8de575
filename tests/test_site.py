"""A build goes red where it should, names the place, and runs again only what it must."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from conftest import NOBODY_LISTENS, SESSION, Site

from streamdocs.kafka import jars
from streamdocs.system import guard


def test_two_failing_pages_are_both_named_again_and_again(site: Site) -> None:
    site.page("una", "1 / 0")
    site.page("otra", "a = 1", "a.b")
    site.page("sana", "print('bien')")
    first, second = site.build(), site.build()
    for built in (first, second):
        assert built.code == 1
        assert "una.md:5: WARNING: la celda «1 / 0» ha fallado" in built.err
        assert "ZeroDivisionError: division by zero" in built.err
        assert "otra.md:9: WARNING: la celda «a.b» ha fallado" in built.err
        assert "AttributeError: 'int' object has no attribute 'b'" in built.err
        assert "sana.md:1: WARNING: falta" in built.err


def test_an_error_that_no_longer_comes_is_red(site: Site) -> None:
    site.page("una", ":raises: ZeroDivisionError\n1 / 0")
    site.regen()
    assert site.build().code == 0
    site.edit("una.md", "1 / 0", "1 / 1")
    built = site.build()
    assert built.code == 1
    assert "una.md:5: WARNING: la celda «1 / 1» debía fallar con ZeroDivisionError" in built.err


def test_a_changed_expectation_is_red_until_put_right(site: Site) -> None:
    site.page("una", "print(2 + 2)", "print('fin')")
    site.regen()
    site.edit("expected/una.txt", "    4", "    5")
    # What made a page print something else may be over: it runs again, until it is right.
    for executed in (set(), {"una"}):
        built = site.build()
        assert (built.code, built.executed) == (1, executed)
        assert "una.md:5: WARNING: la celda «print(2 + 2)»" in built.err
        assert "-    5\n+    4" in built.err
    site.edit("expected/una.txt", "    5", "    4")
    assert site.build().code == 0


def test_only_what_changed_runs_again(site: Site) -> None:
    site.page("una", "print(1)")
    site.page("otra", ":example: productor/nombre.py#Nombre")
    site.page("tercera", "%%terminal 1\npython examples/productor/nombre.py")
    assert site.regen().executed == {"una", "otra", "tercera"}
    assert site.build().executed == set()
    site.edit("una.md", "Una frase.", "Otra frase.")
    assert site.build().executed == set()
    site.edit("una.md", "print(1)", "print( 1)")
    assert site.regen().executed == {"una"}
    site.edit("examples/productor/nombre.py", "Soy el programa.", "Soy yo.")
    built = site.build()
    assert (built.code, built.executed) == (1, {"otra", "tercera"})
    site.regen()
    site.edit("src/errors.py", "VERSION = 1", "VERSION = 2")
    built = site.build()
    assert (built.code, built.executed) == (0, {"una", "otra", "tercera"})


def test_lines_are_those_of_the_file_below_a_filled_cell(site: Site) -> None:
    site.page("una", ":example: productor/productor.py#Constantes", "1 / 0")
    text = (site.root / "una.md").read_text().splitlines()
    line = text.index("1 / 0")
    assert f"una.md:{line}: WARNING: la celda «1 / 0»" in site.build().err


def test_an_unknown_example_is_named(site: Site) -> None:
    site.page("una", ":example: productor/productor.py#Nada", "print(1)")
    site.page("otra", ":example: no/existe.py#Nada")
    built = site.build()
    assert built.code == 1
    assert "no tiene la celda «Nada»; tiene: Constantes, Mensaje, Enviar, Programa." in built.err
    assert "otra.md:5: WARNING: No existe el ejemplo" in built.err


def test_a_query_that_dies_in_the_background_is_red(site: Site) -> None:
    site.page("una", NOBODY_LISTENS)
    built = site.build()
    assert built.code == 1
    assert "una.md:5: WARNING" in built.err
    assert "ha muerto en segundo plano" in built.err
    assert "Connection refused" in built.err


def test_a_wait_that_runs_out_says_for_what(site: Site) -> None:
    short = "import streamdocs.running.settle\nstreamdocs.running.settle.DEADLINE = 2"
    rate = f"""{SESSION}
fuente = spark.readStream.format("rate").load().writeStream.format("noop")
consulta = fuente.trigger(processingTime="1 hour").start()"""
    site.page("una", short, f":until: batches>=5\n{rate}")
    site.page("otra", short, "%%terminal 1\nsleep 99")
    built = site.build()
    assert built.code == 1
    assert "He esperado 2 s a que terminen 5 micro-batches, y no ha ocurrido." in built.err
    assert "He esperado 2 s a que el Terminal 1 quede en reposo" in built.err


@pytest.mark.parametrize("line", ["nc -lk 127.0.0.1 PORT", "cat > ajustes <<FIN\nport = PORT\nFIN"])
def test_a_port_in_use_names_its_holder(site: Site, line: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = holder.getsockname()[1]
        site.page("una", f"%%terminal 1\n{line.replace('PORT', str(port))}")
        built = site.build()
    assert built.code == 1
    who = f"{psutil.Process().name()} (PID {os.getpid()})"
    assert f"El puerto {port} ya está en uso por {who}: ciérralo" in built.err


def test_without_java_the_build_says_what_to_install(site: Site, tmp_path: Path) -> None:
    site.page("una", "print(1)")
    built = site.build(PATH=str(tmp_path), JAVA_HOME="")
    assert built.code != 0
    assert "No encuentro java en el PATH" in built.err
    assert "Traceback" not in built.err


LOOK = """
import os, psutil
listening = [c for c in psutil.net_connections("tcp") if c.status == "LISTEN" and c.pid]
build = os.environ["STREAMDOCS_TAG"][:32]
tag = lambda pid: psutil.Process(pid).environ().get("STREAMDOCS_TAG", "")
mine = [c for c in listening if tag(c.pid).startswith(build)]
print(sorted({c.laddr.ip.removeprefix("::ffff:") for c in mine}))
print([os.path.basename(os.readlink(f"/proc/{c.pid}/exe")) for c in mine if c.laddr.port == 9876])
"""


def test_everything_listens_on_loopback_and_nc_is_nc(site: Site) -> None:
    site.page("una", "%%terminal 1\nnc -lk 127.0.0.1 9876", f"{SESSION}{LOOK}")
    assert site.regen().executed == {"una"}
    assert "['127.0.0.1']\n    ['nc.openbsd']" in (site.root / "expected/una.txt").read_text()


def test_a_page_sees_nothing_of_the_last_one(site: Site) -> None:
    """Not its session, its views, its working directory or its environment's secrets."""
    leave = 'spark.range(3).write.saveAsTable("t"); spark.range(1).write.csv("carpeta")'
    see = 'import os\nprint(spark.range(2).write.saveAsTable("t"), os.listdir("carpeta")[0][:1])'
    site.page("a", SESSION, leave)
    site.page("b", SESSION, 'spark.range(1).write.text("carpeta")', see)
    site.edit("b.md", 'range(1).write.text("carpeta")', 'range(1).write.csv("carpeta")')
    site.page("c", 'import os\nprint(os.environ.get("SECRETO"), os.getcwd() == os.environ["HOME"])')
    ran = site.build("-D", "streamdocs_regen=1", SECRETO="no")
    assert ran.code == 0, ran.err
    assert "None True" in (site.root / "expected/c.txt").read_text()


def test_options_that_need_their_own_jvm_work(site: Site) -> None:
    """Spark reads ``spark.driver.memory`` only when a JVM starts: the shared one ignores it."""
    memory = "spark._jvm.java.lang.Runtime.getRuntime().maxMemory() // 2**20 < 700"
    builder = 'SparkSession.builder.config("spark.driver.memory", "600m").getOrCreate()'
    code = f"from pyspark.sql import SparkSession\nspark = {builder}\nprint({memory})"
    console = 'spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 1).load()'
    query = f'{console}.writeStream.format("console").trigger(availableNow=True).start()'
    site.page("una", code, f"consulta = {query}\nconsulta.awaitTermination()")
    site.regen()
    text = (site.root / "expected/una.txt").read_text()
    assert "    True" in text
    assert "Batch: 0" in text


def test_each_page_may_have_a_jvm_with_no_options_of_ours(site: Site) -> None:
    beans = "spark._jvm.java.lang.management.ManagementFactory"
    quick = f"'TieredStopAtLevel' in str({beans}.getRuntimeMXBean().getInputArguments())"
    site.page("una", SESSION, f"print(spark.range(3).count(), {quick})", "spark.stop()")
    site.regen()
    shutil.rmtree(site.root / "_build")
    built = site.build("-D", "streamdocs_warm=0")
    assert built.code == 1
    assert "-    3 True\n+    3 False" in built.err


def test_without_network_kafka_pages_say_so(site: Site) -> None:
    """And nothing else stops: the next build, with the network back, runs them."""
    site.page("una", "%%terminal 1\nkafka-topics.sh --bootstrap-server localhost:9092 --list")
    site.page("ya", '"spark.jars.packages", "org.postgresql:postgresql:42.7.14"')
    site.page("otra", "print(1)")
    offline = {
        "XDG_CACHE_HOME": str(site.root / "cache"),
        "JAVA_TOOL_OPTIONS": "-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9",
        "CI": "",
    }
    built = site.build("-D", "streamdocs_regen=1", **offline)
    assert (built.code, built.executed) == (0, {"otra"}), built.err
    assert "No puedo descargar Kafka" in built.out
    assert "Quedan sin ejecutar: una." in built.out
    assert "el paquete postgresql 42.7.14 para Spark" in built.out
    assert "Quedan sin ejecutar: ya." in built.out
    assert "no se ha ejecutado" in (site.root / "_build/html/una.html").read_text()
    strict = site.build(**offline | {"CI": "true"})
    assert strict.code == 1
    # Kafka itself comes beside, and is asked for last.
    assert "No puedo descargar el paquete spark-sql-kafka-0-10_2.13" in strict.err
    assert {"una", "ya"} <= site.regen().executed


def test_a_changed_jar_is_refused(tmp_path: Path) -> None:
    for jar in jars.jars().glob("*.jar"):
        (tmp_path / jar.name).symlink_to(jar)
    jars.check(tmp_path)
    victim = next(tmp_path.glob("kafka-clients-*.jar"))
    content = victim.read_bytes()
    victim.unlink()
    victim.write_bytes(content[:-1] + b"x")
    with pytest.raises(jars.KafkaError, match=victim.name):
        jars.check(tmp_path)


@pytest.mark.parametrize(
    ("victim", "lanes"), [("build", "1"), pytest.param("build", "2", id="lanes"), ("kernel", "1")]
)
def test_nothing_outlives_a_killed_build(site: Site, victim: str, lanes: str) -> None:
    """Detached children included, and lanes that have a page to read; the folder goes, too."""
    time_ = str(random.uniform(321, 421))
    hidden = f"env -i setsid sleep {time_} &\nenv -i nohup setsid sh -c 'sleep {time_}; :' &"
    detach = f"nohup sleep 321 &\nsetsid sleep 321 &\n{hidden}\nnc -lk 127.0.0.1 9875 &"
    # Else the cell would wait for what goes on in the background.
    typed = f":until: shown [5]\n%%terminal 1\n{detach}"
    site.page("una", typed, f"{SESSION}\nimport time\ntime.sleep(90)")
    for name in ("b", "c", "d", "e", "f"):  # fewer than six, Sphinx reads in one process
        site.page(name)
    command = [sys.executable, "-m", "sphinx", "-q", "-j", lanes, ".", "_build/html"]
    with subprocess.Popen(
        command, cwd=site.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as build:
        java = wait_for(lambda: [p for p in descendants(build.pid) if guard.TAG in p.environ()])
        tag = java[0].environ()[guard.TAG].partition("/")[0]
        sleepers = wait_for(lambda: [p for p in guard.tagged(tag) if p.name() == "sleep"])
        folder = Path(sleepers[0].environ()["TMPDIR"]).parent
        wait_for(lambda: len(sleeping(time_)) == 2)
        if victim == "build":
            build.kill()
        else:
            (kernel,) = (p for p in psutil.Process(build.pid).children() if runs(p, "ipykernel"))
            kernel.kill()
        build.communicate(timeout=60)
    wait_for(lambda: not folder.exists())
    assert list(guard.tagged(tag)) == []
    assert sleeping(time_) == []


def sleeping(time_: str) -> list[int]:
    """The processes that sleep for just that time."""
    all_ = psutil.process_iter(["name", "cmdline"])
    return [p.pid for p in all_ if p.info["name"] == "sleep" and time_ in (p.info["cmdline"] or ())]


def descendants(pid: int) -> list[psutil.Process]:
    return psutil.Process(pid).children(recursive=True)


def runs(process: psutil.Process, word: str) -> bool:
    try:
        return word in " ".join(process.cmdline())
    except psutil.ZombieProcess:
        return False


def wait_for(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What ``look`` returns once it is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            found = look()
        except psutil.NoSuchProcess:
            found = None
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")

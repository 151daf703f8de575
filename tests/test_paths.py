"""A course may lie in any folder: with blanks, accents and quotes, and its environment, too."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import platformdirs
import pytest
from conftest import ROOT, SESSION, Site

from streamdocs.kafka import jars
from streamdocs.system import java

ODD = """mi sitio (ñ) d'«a» "b\" #%25 [1]"""
UV = os.environ.get("UV", "uv")  # uvx says where it is
KAFKA = f"""from pyspark.sql import SparkSession
paquete = "{jars.connector_package()}"
spark = SparkSession.builder.config("spark.jars.packages", paquete).getOrCreate()
mensajes = spark.read.format("kafka").option("kafka.bootstrap.servers", "localhost:9092")
print(mensajes.option("subscribe", "temas").load().count(), "mensajes")"""
CONSOLE = """lineas = spark.readStream.format("rate-micro-batch").option("rowsPerBatch", 1).load()
consulta = lineas.writeStream.format("console").trigger(availableNow=True).start()
consulta.awaitTermination()"""
TOOL = "%%terminal 1\nkafka-topics.sh --bootstrap-server localhost:9092"


@dataclass(frozen=True)
class Place:
    """A folder of an odd name, with all that a build needs inside it."""

    root: Path
    tmp: Path

    @property
    def python(self) -> Path:
        """The Python of the environment in it."""
        return self.root / "entorno" / "bin" / "python"

    @property
    def variables(self) -> dict[str, str]:
        """What tells programs that they are at home in it."""
        folders = {"HOME": "casa", "XDG_CACHE_HOME": "caché"}
        inside = {name: str(self.root / folder) for name, folder in folders.items()}
        return inside | {"TMPDIR": str(self.tmp), "VIRTUAL_ENV": str(self.python.parents[1])}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """An environment of the locked packages and this one, and a cache with Kafka in it."""
    jars.jars()
    jars.connector()
    root = tmp_path_factory.mktemp("p") / ODD
    # Its name must be short: sockets lie in it.
    with tempfile.TemporaryDirectory(prefix=ODD) as tmp:
        its = Place(root, Path(tmp))
        env = os.environ | its.variables | {"UV_LINK_MODE": "hardlink"}
        env["UV_CACHE_DIR"] = _uv("cache", "dir", env=dict(os.environ))
        _uv("venv", "--quiet", str(its.python.parents[1]), env=env)
        install = ("pip", "install", "--quiet", "--offline", "--compile-bytecode")
        lock = str(ROOT / "requirements.lock")
        _uv(*install, "--require-hashes", "-r", lock, env=env)
        _uv(*install, "--no-deps", "--no-build-isolation", str(ROOT), env=env)
        (root / "casa").mkdir()
        cache = Path(platformdirs.user_cache_dir("streamdocs"))
        shutil.copytree(cache, root / "caché" / "streamdocs", copy_function=os.link)
        yield its


def _uv(*arguments: str, env: dict[str, str]) -> str:
    ran = subprocess.run([UV, *arguments], env=env, capture_output=True, text=True, timeout=300)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


@pytest.mark.full
def test_a_course_in_an_odd_folder_is_built(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    (place.root / "sitio").mkdir()
    site = Site.new(place.root / "sitio")
    site.page("a", SESSION, CONSOLE, "print(spark.range(3).count())")
    site.page("b", SESSION, "print(spark.range(4).count())")
    submit = "spark-submit examples/productor/nombre.py 2> registro.txt"
    site.page("c", f"%%terminal 1\npwd\n{submit}\npython examples/productor/nombre.py")
    site.page("k", f"{TOOL} --create --topic temas", f"{TOOL} --list", KAFKA)
    monkeypatch.setattr(sys, "executable", str(place.python))
    built = site.build(
        "-D", "streamdocs_regen=1", "-D", "nb_execution_timeout=120", **place.variables
    )
    assert (built.code, built.err) == (0, "")
    assert built.executed == {"a", "b", "c", "k"}
    said = {name: (site.root / f"expected/{name}.txt").read_text() for name in "abck"}
    assert "Batch: 0" in said["a"]
    assert "    3" in said["a"]
    assert "    4" in said["b"]
    assert said["c"].count("Soy el programa.") == 2
    assert "    Created topic temas." in said["k"]
    assert "0 mensajes" in said["k"]
    # It was made, and used, in its odd place.
    assert list(place.python.parents[1].glob("share/streamdocs/*.jsa"))
    assert "archivo de clases" in built.out
    assert list(place.tmp.glob("streamdocs-*")) == []


def test_options_are_read_as_they_were_written() -> None:
    """By a shell, and by Spark's launcher, whose own reader is asked."""
    from pyspark import SparkContext
    from pyspark.java_gateway import launch_gateway

    written = [f"-D{name}={ODD} \\ $HOME `x`" for name in ("a", "b")] + ["", "-Xmx1g"]
    text = java.options(*written)
    shell = subprocess.run(["sh", "-c", f"printf '%s\\n' {text}"], capture_output=True, text=True)
    assert shell.stdout.splitlines() == written
    gateway = launch_gateway()
    reader = gateway.jvm.java.lang.Class.forName("org.apache.spark.launcher.CommandBuilderUtils")
    method = next(m for m in reader.getDeclaredMethods() if m.getName() == "parseOptionString")
    method.setAccessible(True)
    arguments = gateway.new_array(gateway.jvm.Object, 1)
    arguments[0] = text
    assert list(method.invoke(None, arguments)) == written
    assert SparkContext._gateway is None
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait()

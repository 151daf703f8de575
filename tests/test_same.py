"""The same pages are the same site: another user, place, language, clock or load change nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from conftest import EPOCH, Site

SPARK = """from pyspark.sql import SparkSession
spark = SparkSession.builder.config("spark.sql.shuffle.partitions", 2).getOrCreate()
lineas = spark.readStream.format("socket").option("host", "localhost").option("port", 9873).load()
consulta = lineas.groupBy("value").count().writeStream.format("console").outputMode("complete")
consulta = consulta.start()"""
WHERE = """import locale, os, time
print(time.tzname, locale.getpreferredencoding(), os.getcwd() == os.environ["HOME"])
print(sorted(os.environ))
print(spark.sql("SELECT timestamp '2026-03-29 02:30:00' + interval 1 day").first())"""
# Python and the packages may lie where only root can look.
NOBODY = (
    *("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
AS_NOBODY = os.geteuid() == 0 and subprocess.run([*NOBODY, "true"]).returncode == 0


@dataclass(frozen=True)
class Way:
    """How a build is made otherwise than usual."""

    name: str
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    folder: str = "sitio"
    loops: int = 0
    options: tuple[str, ...] = ()


WAYS = [
    Way("as usual"),
    Way("another HOME", {"HOME": "otra", "XDG_CACHE_HOME": ""}),
    Way("another place", folder="mi sitio (ñ)"),
    Way("no language", {"LANG": "C", "LC_ALL": "C"}),
    Way("Madrid", {"TZ": "Europe/Madrid"}),
    Way("Bogotá", {"TZ": "America/Bogota"}),
    Way("one core", command=("taskset", "-c", "0")),
    Way("eight busy loops", loops=8),
    Way("two lanes", options=("-j", "2")),
    Way("another user", {"HOME": "otra", "XDG_CACHE_HOME": ""}, NOBODY),
]
ALL_AT_ONCE = Way(
    "all at once",
    {"HOME": "otra", "XDG_CACHE_HOME": "", "LC_ALL": "C", "TZ": "America/Bogota"},
    ("taskset", "-c", "0"),
    "mi sitio (ñ)",
    options=("-j", "2"),
)


@contextmanager
def busy(number: int) -> Iterator[None]:
    """That many processes that never rest."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(number)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def built(site: Site, way: Way) -> dict[str, str]:
    """What a clean build of a copy of ``site`` publishes, by file."""
    # Not among pytest's own folders, where another user may not go.
    with tempfile.TemporaryDirectory() as folder:
        return _built(site, way, Path(folder))


def _built(site: Site, way: Way, folder: Path) -> dict[str, str]:
    copy = Site(folder / way.folder)
    shutil.copytree(site.root, copy.root)
    own = folder / "otra"
    own.mkdir()
    env = {key: str(own) if value == "otra" else value for key, value in way.env.items()}
    if way.command == NOBODY:
        for path in (folder, own, copy.root, *copy.root.rglob("*")):
            os.chown(path, 65534, 65534)
    with busy(way.loops):
        copy.build(*way.options, command=way.command, **EPOCH, **env).green()
    return copy.served()


def test_the_same_pages_are_the_same_site(site: Site, thorough: bool) -> None:
    listen = "%%terminal 1\nnc -lk 127.0.0.1 9873"
    site.page("a", "print(sorted({'ñ', 'o', 'z'}))", "%%terminal 1\ntouch z Ñ a; ls")
    site.page(
        "b", "%%terminal 1\nnc -l 127.0.0.1 9872", "%%terminal 2\necho ñ | nc -N 127.0.0.1 9872"
    )
    site.page("c", ":example: productor/nombre.py#Nombre")
    site.page("d", "%%terminal 1\npython examples/productor/nombre.py")
    site.page("e", listen, SPARK, "%%terminal 1\nuno dos\nuno dos", WHERE)
    (site.root / "f.md").write_text("# Texto\n\nSin celdas.\n")
    site.edit("index.md", "e\n", "e\nf\n")
    site.build("-D", "streamdocs_regen=1", **EPOCH).green()
    first = site.served()
    site.clean()
    assert len(first) > 15
    others = [way for way in WAYS if way.command != NOBODY or AS_NOBODY]
    ways = others if thorough else [ALL_AT_ONCE]
    for way in ways:
        other = built(site, way)
        differ = [name for name in first.keys() | other if first.get(name) != other.get(name)]
        print(f"«{way.name}»: {len(other)} ficheros, {len(differ)} distintos")
        assert differ == [], way.name
    print(f"Construcciones: {1 + len(ways)} hechas, 0 distintas.")

"""What a reader's own check of the installation says of each thing that is missing."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest
from conftest import ROOT
from course import imported

SCRIPT = ROOT / "examples" / "comprueba_instalacion.py"
Patch = pytest.MonkeyPatch
Spoil = Callable[[ModuleType, Path, Patch], object]


@pytest.fixture
def check(monkeypatch: Patch) -> ModuleType:
    """The check, in the folder of the course, where nothing is missing."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    module = imported(SCRIPT)
    monkeypatch.setattr(module, "PUERTOS", ())
    return module


def program(folder: Path, name: str, says: str) -> None:
    """A program called ``name`` that says one thing, whatever it is asked."""
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}' >&2\n", "utf-8")
    file.chmod(0o755)


def only(folder: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("PATH", str(folder))


def other_java(number: str) -> Spoil:
    def spoil(_check: ModuleType, folder: Path, monkeypatch: Patch) -> None:
        program(folder, "java", f'openjdk version "{number}" 2026-01-01')
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    return spoil


def packages(**changed: str | None) -> Spoil:
    """As if these packages had another version, or were not there."""

    def spoil(check: ModuleType, _folder: Path, monkeypatch: Patch) -> None:
        known = check.paquete
        monkeypatch.setattr(
            check, "paquete", lambda name: changed[name] if name in changed else known(name)
        )

    return spoil


def only_nc(says: str) -> Spoil:
    def spoil(_check: ModuleType, folder: Path, monkeypatch: Patch) -> None:
        program(folder, "nc", says)
        only(folder, monkeypatch)

    return spoil


def nothing(_check: ModuleType, folder: Path, monkeypatch: Patch) -> None:
    only(folder, monkeypatch)


def java_home(_check: ModuleType, folder: Path, monkeypatch: Patch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(folder))


def old_python(check: ModuleType, _folder: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(check, "PYTHON", (99, 0))


def elsewhere(check: ModuleType, folder: Path, monkeypatch: Patch) -> None:
    monkeypatch.setattr(check, "CARPETA", folder)


def no_streams(check: ModuleType, _folder: Path, monkeypatch: Patch) -> None:
    broken = check.CUENTA.replace("readStream.text", "readStream.nada")
    monkeypatch.setattr(check, "CUENTA", broken)


MISSING = {
    "Python": ("python", old_python, "instala el 3.11 o uno posterior"),
    "Java": ("java", nothing, "No encuentro Java: instala Java 17"),
    "JAVA_HOME": ("java", java_home, "No encuentro Java en JAVA_HOME, /"),
    "Java 8": ("java", other_java("1.8.0_402"), "Tu Java es el 8, y Spark 4.2.0 pide el 17"),
    "Java 24": ("java", other_java("24.0.1"), "Tu Java es el 24, y Spark 4.2.0 pide el 17"),
    "PySpark": ("pyspark", packages(pyspark=None), "pip install pyspark==4.2.0"),
    "PySpark 4.2.1": ("pyspark", packages(pyspark="4.2.1"), "Tu PySpark es 4.2.1"),
    "pandas": ("ayudas", packages(pandas=None), "pip install 'pandas<3'."),
    "pandas 3": ("ayudas", packages(pandas="3.0.1"), "pip install 'pandas<3'."),
    "pyarrow": ("ayudas", packages(pyarrow=None), "pip install pyarrow."),
    "protobuf": ("ayudas", packages(protobuf=None), "pip install protobuf."),
    "nc": ("nc", nothing, "netcat-openbsd"),
    "nc tradicional": ("nc", only_nc("[v1.10-47]"), "netcat-openbsd"),
    "ncat": ("ncat", only_nc("OpenBSD netcat"), "instala el paquete ncat"),
    "ejemplos": ("ejemplos", elsewhere, "descomprime ejemplos.zip"),
    "Spark": ("spark", no_streams, "«AttributeError: "),
}


@pytest.mark.parametrize(("test", "spoil", "said"), MISSING.values(), ids=MISSING)
def test_what_is_missing_is_told(
    check: ModuleType,
    test: str,
    spoil: Spoil,
    said: str,
    tmp_path: Path,
    monkeypatch: Patch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(check, tmp_path, monkeypatch)
    assert check.comprobar([getattr(check, test)]) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FALTA")]
    assert said in lines[0]
    assert lines[0].endswith(".")


@pytest.mark.parametrize("number", ["17.0.9", "21.0.1", "25"])
def test_a_java_of_spark_is_fine(
    check: ModuleType, number: str, tmp_path: Path, monkeypatch: Patch
) -> None:
    other_java(number)(check, tmp_path, monkeypatch)
    assert check.comprobar([check.java]) == 0


def test_with_ncat_alone_one_is_told_to_type_it(
    check: ModuleType, tmp_path: Path, monkeypatch: Patch, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "ncat", "Ncat 7.93")
    only(tmp_path, monkeypatch)
    assert check.comprobar([check.nc, check.ncat]) == 0
    assert "escribe ncat, sin -N" in capsys.readouterr().out


def test_a_port_in_use_is_told(check: ModuleType, monkeypatch: Patch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as holder:
        monkeypatch.setattr(check, "PUERTOS", (holder.getsockname()[1],))
        assert check.comprobar([check.puertos]) == 1
    assert check.comprobar([check.puertos]) == 0


def test_something_missing_is_an_exit_code(tmp_path: Path) -> None:
    """Run as a reader would, in a folder without the examples: Spark is not even tried."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "FALTA  En " in done.stdout
    assert "Spark. Tarda" not in done.stdout
    assert done.stderr.startswith("Por arreglar: ")


def test_it_asks_for_the_spark_of_the_course(check: ModuleType) -> None:
    assert version("pyspark") == check.SPARK


def test_it_imports_nothing_that_may_be_missing() -> None:
    code = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import comprueba_instalacion"
    subprocess.run([sys.executable, "-S", "-c", code], check=True, timeout=60)

"""The tests that readers take home: green with their own requirements alone, red when they must."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT

PROJECT = ROOT / "examples" / "trabajo" / "pruebas"
UV = os.environ.get("UV", "uv")  # uvx says where it is
MUTANTS = {
    "bicis >= 1": ("bicis > 1", "test_quita_lo_que_no_vale"),
    "hora IS NOT NULL AND ": ("", "test_quita_lo_que_no_vale"),
    'window("hora", "10 minutes")': ('window("hora", "9 minutes")', "test_suma_por_ventana"),
    '.withWatermark("hora", "10 minutes")\n        .groupBy(window': (
        "\n        .groupBy(window",
        "test_una_ventana_sale_cuando_se_cierra",
    ),
    '"10 minutes")\n        .groupBy(window': (
        '"5 minutes")\n        .groupBy(window',
        "test_cuenta_la_que_llega_algo_tarde",
    ),
    'withWatermark("hora", "10 minutes")\n        .groupBy(window': (
        'withWatermark("hora", "20 minutes")\n        .groupBy(window',
        "test_pierde_la_que_llega_muy_tarde",
    ),
    "+ MEDIA_HORA": ("+ MEDIA_HORA - 1", "test_avisa_a_la_media_hora"),
    "self.handle.deleteTimer(anterior)": ("pass", "test_la_que_habla_no_esta_callada"),
    "timerValues, expiredTimerInfo": ("timerValues, aviso", "test_de_verdad"),
}
"""What is changed in the program, into what, and a test that is then red."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has what the project asks for, in the locked versions, and nothing else."""
    folder = tmp_path_factory.mktemp("entorno") / ".venv"
    install = ("pip", "install", "--quiet", "--offline", "--constraint")
    for order in (
        ("venv", "--quiet", str(folder)),
        (*install, str(ROOT / "requirements.lock"), "-r", str(PROJECT / "requirements.txt")),
    ):
        env = os.environ | {"VIRTUAL_ENV": str(folder), "UV_LINK_MODE": "hardlink"}
        ran = subprocess.run([UV, *order], env=env, capture_output=True, text=True, timeout=300)
        assert ran.returncode == 0, ran.stderr
    return folder / "bin" / "python"


def run(python: Path, project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The project's tests, as a reader runs them."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "JAVA_HOME")}
    env = kept | {"HOME": str(project), "SPARK_LOCAL_IP": "127.0.0.1"}
    env["PYSPARK_PYTHON"] = str(python)
    return subprocess.run(
        [str(python), "-m", "pytest", "-q", "--tb=line", *options],
        cwd=project,
        env=env,
        capture_output=True,
        text=True,
        timeout=500,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The project, as it is in the zip of the examples."""
    return Path(shutil.copytree(PROJECT, tmp_path / "pruebas"))


@pytest.mark.full
def test_they_are_green_with_their_own_requirements(python: Path, project: Path) -> None:
    for _ in range(2):
        ran = run(python, project, "-rs")
        assert ran.returncode == 0, ran.stdout
        assert "no responde ningún broker en localhost:9092" in ran.stdout


def mutated(text: str, old: str, new: str) -> str:
    """The program with one thing changed."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


@pytest.mark.full
@pytest.mark.parametrize("old", MUTANTS)
def test_a_wrong_program_is_red(python: Path, project: Path, old: str) -> None:
    new, name = MUTANTS[old]
    logic = project / "logica.py"
    logic.write_text(mutated(logic.read_text("utf-8"), old, new), "utf-8")
    ran = run(python, project, "-k", name)
    assert ran.returncode == 1, ran.stdout
    assert "1 failed" in ran.stdout


@pytest.mark.parametrize("old", MUTANTS)
def test_what_is_changed_is_there_once(old: str) -> None:
    text = (PROJECT / "logica.py").read_text("utf-8")
    assert mutated(text, old, MUTANTS[old][0]) != text

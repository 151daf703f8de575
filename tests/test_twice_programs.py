"""Examples run a second time in the same folder, as readers run them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

FILES = {
    "sinks/consola.py": {"uno.txt": "sol\n"},
    "sinks/destinos.py": {"uno.txt": "patio 31\n"},
    "sinks/ficheros.py": {"lunes.csv": "lunes;pan;2\n"},
    "sinks/foreach.py": {"uno.txt": "sol\n"},
    "sinks/memoria.py": {"uno.txt": "sol\n"},
    "sinks/sqlite.py": {"uno.csv": "pan;2\n"},
    "triggers/triggers.py": {"1.txt": "café\n"},
}
"""Examples that end by themselves, and the files that they read.

Those that read a socket or Kafka keep nothing in the folder or go on where they were, and their
pages start them twice; those of ``si_se_cae`` and ``modos/matriz.py`` make folders of their own.
"""


@pytest.mark.parametrize("script", FILES)
def test_a_second_time_in_the_same_folder(script: str, tmp_path: Path) -> None:
    lay(tmp_path, FILES[script])
    first, second = (
        run(ROOT / "examples" / script, tmp_path),
        run(ROOT / "examples" / script, tmp_path),
    )
    assert first.returncode == 0, first.stderr
    assert second.returncode == 0, second.stderr


def test_what_runs_only_once_is_seen(tmp_path: Path) -> None:
    lay(tmp_path, {"uno.txt": "sol\n"})
    (tmp_path / "una.py").write_text('import os\n\nos.mkdir("salida")\n')
    assert run(tmp_path / "una.py", tmp_path).returncode == 0
    assert run(tmp_path / "una.py", tmp_path).returncode != 0


def lay(folder: Path, files: dict[str, str]) -> None:
    """Lay the files into the folder that the examples read."""
    (folder / "entrada").mkdir()
    for name, text in files.items():
        (folder / "entrada" / name).write_text(text)


def run(script: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in ``folder``, until it ends."""
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env={**os.environ, "PYSPARK_PYTHON": sys.executable},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )

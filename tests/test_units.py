"""The unit files that readers copy are such that systemd understands them."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

UNIT = ROOT / "examples" / "trabajo" / "envios.service"


def verified(text: str, folder: Path) -> str:
    """What systemd says of a unit whose program exists; "" if nothing is wrong with it."""
    unit = folder / "envios.service"
    unit.write_text(re.sub(r"(?<=ExecStart=)\S+", sys.executable, text), "utf-8")
    ran = subprocess.run(
        ["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, timeout=60
    )
    said = [line for line in ran.stderr.splitlines() if unit.name in line]
    return "\n".join(said) or str(ran.returncode or "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="aquí no hay systemd-analyze")
def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    text = UNIT.read_text("utf-8")
    assert verified(text, tmp_path) == ""
    assert "suave" in verified(text.replace("KillMode=mixed", "KillMode=suave"), tmp_path)
    assert "si-muere" in verified(text.replace("on-failure", "si-muere"), tmp_path)

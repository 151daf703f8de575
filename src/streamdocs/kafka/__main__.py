"""A broker for a person, and what the tools of the pages run: ``python -m streamdocs.kafka``."""

import argparse
import os
import signal
import sys
from pathlib import Path

from streamdocs.errors import StreamdocsError
from streamdocs.kafka.broker import HOST, PORT, Broker
from streamdocs.kafka.jars import VERSION, lock


def serve(broker: Broker) -> None:
    """Run ``broker`` for a person, until Ctrl-C."""
    broker.ensure()
    print(f"Kafka {VERSION} escucha en {HOST}:{PORT}. Para terminar, Control+C.", flush=True)
    try:
        signal.pause()
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
    broker = Broker(options.folder.resolve(), os.environ)
    try:
        if options.action == "serve":
            serve(broker)
        elif options.action == "start":
            broker.ensure()
        elif options.action == "stop":
            broker.stop(options.signal)
        else:
            print(lock(), end="")
    except StreamdocsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

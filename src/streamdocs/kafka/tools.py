"""Kafka's own command-line tools, by their names."""

from __future__ import annotations

import sys
from pathlib import Path

from streamdocs.kafka.broker import LOGGING
from streamdocs.kafka.jars import jars
from streamdocs.system import java

TOOLS = {
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-topics.sh": "org.apache.kafka.tools.TopicCommand",
}
"""The tools by their own names, and the classes that the project's scripts of that name run."""


def install(bin_: Path, folder: Path) -> None:
    """Put the tools into ``bin_``, as scripts that run their classes.

    ``folder`` is that of the broker that ``kafka-server-start.sh`` and ``kafka-server-stop.sh``
    start and stop: with SIGTERM, or with the signal in SIGNAL, as the project's script does.
    """
    folder.mkdir(exist_ok=True)
    logging = folder / "tools.properties"
    logging.write_text(LOGGING.format(level="ERROR"))
    options = " ".join((*java.QUICK, f"-Dlog4j2.configurationFile={logging}"))
    for name, class_ in TOOLS.items():
        _script(bin_ / name, f'exec java {options} -cp "{jars()}/*" {class_} "$@"')
    # The jars are in the cache of who builds, and not in that of the page, whose HOME is another.
    cache = f'XDG_CACHE_HOME="{jars().parents[1]}"'
    # Isolated: nothing in a terminal's folder or environment stands for this package.
    ours = f"exec env {cache} {sys.executable} -I -m streamdocs.kafka.broker"
    # The project's takes -daemon and a file of properties: here, the broker's own.
    _script(bin_ / "kafka-server-start.sh", f'{ours} start "{folder}"')
    _script(bin_ / "kafka-server-stop.sh", f'{ours} stop "{folder}" "${{SIGNAL:-TERM}}"')


def _script(file: Path, command: str) -> None:
    file.write_text(f"#!/bin/sh\n{command}\n")
    file.chmod(0o755)

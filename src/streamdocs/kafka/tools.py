"""Kafka's own command-line tools, by their names."""

import shlex
import sys
from pathlib import Path

from streamdocs.kafka.broker import LOGGING
from streamdocs.kafka.jars import jars
from streamdocs.system import java, programs

TOOLS = {
    "kafka-console-consumer.sh": "org.apache.kafka.tools.consumer.ConsoleConsumer",
    "kafka-console-producer.sh": "org.apache.kafka.tools.ConsoleProducer",
    "kafka-consumer-groups.sh": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
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
    start = [str(programs.java()), *java.QUICK, f"-Dlog4j2.configurationFile={logging.as_uri()}"]
    for name, class_ in TOOLS.items():
        _script(bin_ / name, *start, "-cp", f"{jars()}/*", class_)
    # The jars are in the cache of who builds, and not in that of the page, whose HOME is another.
    # Isolated: nothing in a terminal's folder or environment stands for this package.
    python = (sys.executable, "-I", "-m", "streamdocs.kafka")
    ours = ("env", f"XDG_CACHE_HOME={jars().parents[1]}", *python)
    # The project's takes -daemon and a file of properties: here, the broker's own.
    _script(bin_ / "kafka-server-start.sh", *ours, "start", str(folder), rest="")
    signal = '"${SIGNAL:-TERM}"'
    _script(bin_ / "kafka-server-stop.sh", *ours, "stop", str(folder), rest=signal)


def _script(file: Path, *command: str, rest: str = '"$@"') -> None:
    file.write_text(f"#!/bin/sh\nexec {shlex.join(command)} {rest}\n", "utf-8")
    file.chmod(0o755)

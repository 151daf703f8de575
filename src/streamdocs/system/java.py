"""Which Java it is, and the options with which the course starts one."""

import re
import shlex
from functools import cache

import platformdirs

from streamdocs.system import child

OLDEST_JAVA = 17
"""Spark 4 runs on Java 17 and newer (spark.apache.org, «Downloading»)."""

QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData")
"""JVM options that shorten runs of seconds: C1 only, no parallel collector, no file in /tmp."""

_LAST_VFORK = 24
"""The last Java that starts programs with vfork and says nothing of it (JDK-8357179)."""

ANSWERED = 30.0
"""Seconds that a Java may take to say its version."""


@cache
def java_major(command: str) -> int:
    """Major version that ``command -version`` prints (8 for "1.8.0"); 0 if it prints none.

    Raises WaitTimeoutError after ANSWERED seconds.
    """
    answer = child.run([command, "-version"], f"{command} diga su versión", ANSWERED)
    version = re.search(r'version "(?:1\.)?(\d+)', answer.stderr + answer.stdout)
    return int(version[1]) if version else 0


def forks(major: int) -> tuple[str, ...]:
    """The option with which a JVM of that version starts a program at once, if it has it.

    Since 12, it starts one of its own first, which starts the other. Hadoop runs «readlink» and
    «chmod» for each file of a checkpoint: a quarter of what a query with state costs.
    """
    return ("-Djdk.lang.Process.launchMechanism=VFORK",) if major <= _LAST_VFORK else ()


def options(*all_: str) -> str:
    """JVM options as one text, in which paths may hold blanks and quotes.

    Spark's launcher takes such a text apart as a shell does, but for ``$`` and the like; in single
    quotes, both leave every character alone.
    """
    return shlex.join(all_)


def keep_downloads() -> str:
    """The JVM option with which Ivy keeps what it downloads in the user's cache, for all pages.

    Ivy looks below the JVM's home; in the user's own it would read ~/.m2, too.
    """
    return f"-Duser.home={platformdirs.user_cache_dir('streamdocs')}"

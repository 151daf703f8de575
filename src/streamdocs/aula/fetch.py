"""Kafka and Spark's connector to it, fetched by a process that ends with the aula.

``python -m streamdocs.aula.fetch`` has them in the user's cache, or says why they cannot be had.
A thread of the server's could not be stopped, and would start a download after the server's end.
"""

import asyncio
import sys

from streamdocs.errors import StreamdocsError
from streamdocs.kafka import jars


async def kafka() -> str:
    """Have them in the cache; why they cannot be had, or ""."""
    command = (sys.executable, "-m", "streamdocs.aula.fetch")
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    return said.decode("utf-8", "replace").strip() if process.returncode else ""


def main() -> None:
    """Fetch them."""
    try:
        jars.jars()
        jars.connector()
    except (StreamdocsError, OSError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

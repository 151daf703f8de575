"""A page's JVM, seen from its kernel: the build's, or one of its own."""

import os
from pathlib import Path
from typing import Any
from unittest.mock import patch

from streamdocs.running import jvm, upstream
from streamdocs.running.channel import Line


class PageJvm:
    """The JVM that a page uses, once it uses one."""

    def __init__(self, line: Line) -> None:
        """``line`` leads to the build, which may have a JVM to share."""
        self._line = line
        self.gateway: jvm.Gateway | None = None
        self._shown = 0

    def launch(self, conf: Any = None, popen_kwargs: Any = None) -> Any:
        """Stand in for PySpark's launcher: attach to the build's JVM where that is the same.

        An option that is read only when a JVM starts gets the page a JVM of its own.
        """
        from pyspark.java_gateway import launch_gateway

        options = [key for key, _ in conf.getAll()] if conf else []
        if not any(map(jvm.needs_own_jvm, options)):
            shared: jvm.Gateway | None = self._line.ask("gateway", os.environ["HOME"])
            if shared is not None:
                self.attach(shared)
                address = {
                    "PYSPARK_GATEWAY_PORT": str(shared.port),
                    "PYSPARK_GATEWAY_SECRET": shared.secret,
                }
                with patch.dict(os.environ, address):
                    return upstream.number_functions(launch_gateway(conf))
        log = Path(os.environ["TMPDIR"], f"jvm-{os.getpid()}")
        with log.with_suffix(".err").open("wb") as errors:
            gateway, own = jvm.launch(log.with_suffix(".out"), conf, stderr=errors)
        self.attach(own)
        return gateway

    def attach(self, gateway: jvm.Gateway) -> None:
        """Show what the JVM of ``gateway`` prints from now on, and wait for what it does."""
        self.gateway = gateway
        self._shown = Path(gateway.stdout).stat().st_size

    def printed(self) -> str:
        """What the JVM has written to its stdout since the last call."""
        if self.gateway is None:
            return ""
        with Path(self.gateway.stdout).open("rb") as stdout:
            stdout.seek(self._shown)
            text = stdout.read()
        self._shown += len(text)
        return text.decode("utf-8", "replace")

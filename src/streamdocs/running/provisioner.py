"""Start the kernel of a page in the environment of its build, and tidy up after it."""

from __future__ import annotations

from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from streamdocs.course import needs
from streamdocs.errors import BuildError
from streamdocs.running import build
from streamdocs.system import guard


class PageProvisioner(LocalProvisioner):
    """What the kernelspec «streamdocs» names as its ``kernel_provisioner``."""

    _tag = ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder, an environment and a session of its own."""
        if build.current is None:
            raise BuildError(
                "El kernel streamdocs solo funciona dentro de una construcción: usa «nox -s docs»."
            )
        build.current.open()
        home = build.current.new_home(build.current.page.reach)
        self._tag = build.current.page_tag
        if needs.kafka(cell.source for cell in build.current.page.cells):
            build.current.start_kafka()
        if needs.spark(build.current.page):
            build.current.warm_up()
        # Over sockets in the build's folder: nothing to listen on, nobody else gets in.
        assert self.parent is not None
        self.parent.transport = "ipc"
        self.parent.ip = str(build.current.folder / "jupyter" / home.parent.name)
        kwargs = await super().pre_launch(**kwargs)
        return kwargs | {"env": dict(build.current.environment(home)), "cwd": str(home)}

    async def cleanup(self, restart: bool = False) -> None:
        """Kill what the page's terminals may have left."""
        if self._tag:
            guard.kill(self._tag)
        await super().cleanup(restart)

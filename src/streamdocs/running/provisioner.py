"""Start the kernel of a page in the environment of its build, and tidy up after it."""

from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from streamdocs.course import needs
from streamdocs.errors import BuildError
from streamdocs.running import build, upstream
from streamdocs.running.workspace import Home
from streamdocs.system import guard


class PageProvisioner(LocalProvisioner):
    """What the kernelspec «streamdocs» names as its ``kernel_provisioner``."""

    _home: Home

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder, an environment and a session of its own."""
        its = build.current
        if its is None:
            raise BuildError(
                "El kernel streamdocs solo funciona dentro de una construcción: usa «nox -s docs»."
            )
        its.open()
        self._home = its.workspace.new_home(its.page.reach)
        if needs.kafka(cell.source for cell in its.page.cells):
            # What another page has left in it is not this one's.
            its.start_kafka(empty=True)
        if needs.spark(its.page):
            its.warm_up()
        # Over sockets in the build's folder: nothing to listen on, nobody else gets in.
        sockets = its.workspace.folder / "jupyter" / self._home.path.parent.name
        upstream.over_sockets(self.parent, sockets)
        kwargs = await super().pre_launch(**kwargs)
        environment = dict(its.workspace.environment(self._home))
        return kwargs | {"env": environment, "cwd": str(self._home.path)}

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel; before it, what its terminals may have left, which lies below it."""
        guard.kill(self._home.tag, self._home.path)
        await super().kill(restart)

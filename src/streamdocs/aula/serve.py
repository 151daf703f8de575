"""Open the aula of a site, and keep it open until Control+C."""

import os
from pathlib import Path
from unittest.mock import patch

from streamdocs.aula.place import Place
from streamdocs.errors import StreamdocsError
from streamdocs.system import guard

_FOLDERS = ("data", "runtime", "config")
"""Those of the three folders that Jupyter asks the environment for."""


class NoServerError(StreamdocsError):
    """What only the aula needs is not installed."""

    def __init__(self, missing: str | None) -> None:
        super().__init__(
            f"Falta {missing}, que solo necesita el aula: desde el repositorio, «uvx nox -s aula» "
            "lo instala; con el paquete, pide «streamdocs[aula]»."
        )


def serve(site: Path, texts: Path) -> None:
    """Serve the built ``site`` on loopback, and say at which address; return when told to end.

    Its pages' ``texts`` say of which cells the queries are recorded.

    Raises NoServerError, NoSiteError or MissingProgramError; then nothing has been started.
    """
    if parent := os.environ.pop("STREAMDOCS_PARENT", ""):
        guard.end_with(int(parent))
    place = Place(site)
    # Nothing of the reader's own Jupyter: its environment may name another server for the cells.
    env = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER_")}
    env |= {f"JUPYTER_{name.upper()}_DIR": str(place.folder / name) for name in _FOLDERS}
    env[guard.TAG] = place.shared("server").tag  # what is downloaded for a page ends with us
    with patch.dict(os.environ, env, clear=True):
        try:
            from streamdocs.aula import server
        except ModuleNotFoundError as error:
            raise NoServerError(error.name) from None
        with place:
            server.kernelspec(place.folder / "data")
            aula = server.Aula(site, texts, place)
            aula.initialize(argv=[])
            aula.begin()

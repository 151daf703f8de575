"""The site's files and ours, for who has the token; a page gets tags that its file has not."""

import json
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from tornado import web

from streamdocs.course.options import VARIES

PAGES = "/curso/"
"""Below it are the pages; all else that is served is the aula's own."""

BUNDLE = "/aula/static/"
"""Below it is what the tag loads."""

_MEASURED = ("duraciones", "horas", "progreso")
"""The kinds of thing that each run of a page measures anew; what draws is not compared."""

TAG = (
    f'<link rel="stylesheet" href="{BUNDLE}aula.css">'
    '<script type="application/json" id="aula-varies">'
    f"{json.dumps([VARIES[kind] for kind in _MEASURED])}</script>"
    f'<script type="module" src="{BUNDLE}aula.js"></script>'
).encode()
"""What a page gets before the end of its body."""

_NO_TOKEN = """<!doctype html><html lang="es"><meta charset="utf-8"><title>Aula</title>
<h1>Esta aula no es tuya, o no se sabe que lo es</h1>
<p>Abre la dirección entera que la orden que la arrancó escribió en tu terminal: lleva una clave.
"""


class _Ours(JupyterHandler):
    """What all that the aula itself serves has in common."""

    async def prepare(self, *, _redirect_to_login: bool = False) -> None:
        """Let nobody in without the token; the form that Jupyter has instead is not here."""
        await super().prepare(_redirect_to_login=False)

    def set_default_headers(self) -> None:
        """Keep what is served for who asked for it, and its address from where links lead."""
        super().set_default_headers()
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    @property
    def content_security_policy(self) -> str:
        """What a page may do: talk to this server and to no other."""
        return "frame-ancestors 'none'; object-src 'none'; base-uri 'self'; connect-src 'self'"

    def write_error(self, status_code: int, **_: object) -> None:
        """Say it in Spanish, with nothing of Jupyter's pages."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(_NO_TOKEN if status_code == 403 else f"<p>Error {status_code}.</p>")


class Nothing(_Ours):
    """A path at which Jupyter has something, and an aula has not."""

    async def prepare(self, *, _redirect_to_login: bool = False) -> None:
        """Say so to who has the token, whatever is asked."""
        await super().prepare()
        raise web.HTTPError(404)


class Files(_Ours, web.StaticFileHandler):
    """Files of a folder.

    Jupyter's own handler of files puts each page into a sandbox, in which it has no cookies.
    """

    def compute_etag(self) -> str | None:
        """A page's is of what is sent, which is not its file; the others' are their files'.

        Tornado would compute it once for each file, which may be built again.
        """
        file = getattr(self, "absolute_path", None)
        if file is None:
            return web.RequestHandler.compute_etag(self)
        seen = Path(file).stat()
        return f'"{seen.st_mtime_ns:x}-{seen.st_size:x}"'


class Site(Files):
    """The site as it was built."""

    async def get(self, path: str, include_body: bool = True) -> None:
        """Serve a file; the token leaves the address once its cookie is set."""
        if self.get_query_argument("token", None):
            self.redirect(self.request.path)
            return
        if not path.endswith(".html"):
            await super().get(path, include_body)
            return
        _ = self.xsrf_token  # asking for it sets the cookie without which nothing can be posted
        self.path = self.parse_url_path(path)
        absolute = self.get_absolute_path(self.root, self.path)
        file = self.validate_absolute_path(self.root, absolute)
        if file is not None:
            before, end, after = Path(file).read_bytes().rpartition(b"</body>")
            self.finish(before + TAG + end + after)

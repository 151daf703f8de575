"""Who has not the token gets nothing of an aula: each attempt is made on a real one."""

from __future__ import annotations

import asyncio
import errno
import itertools
import json
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from aulas import Aula, execute, open_, websocket
from conftest import DOCS
from test_aula_life import folder
from tornado.httpclient import HTTPClientError

from streamdocs.aula import server

SITE = DOCS / "_build" / "html"
PAGE = "/curso/hola/palabras.html"
EVIL = {"Origin": "http://evil.example", "Referer": "http://evil.example/"}
OTHER_PORT = "http://127.0.0.1:9999"


@pytest.fixture(scope="module")
def aula() -> Iterator[Aula]:
    """An aula with a page that is live, in which there are a kernel and a terminal."""
    with open_(SITE) as opened:
        live = opened.ask("POST", "/aula/page", {"page": "hola/palabras"}, **opened.mine)
        assert live.status == 200
        assert opened.ask("POST", "/api/terminals", {"name": "1"}, **opened.mine).status == 200
        yield opened


@pytest.fixture(scope="module")
def kernel(aula: Aula) -> str:
    """The id of the kernel, which the page is told again when it asks again."""
    answer = aula.ask("POST", "/aula/page", {"page": "hola/palabras"}, **aula.mine)
    return str(answer.json["kernel"])


def test_the_reader_gets_in_and_the_token_leaves_the_address(aula: Aula) -> None:
    answer = aula.ask("GET", f"{PAGE}?token={aula.token}")
    assert (answer.status, answer.headers["Location"]) == (302, PAGE)
    page = aula.ask("GET", PAGE, Cookie=aula.cookie)
    assert page.status == 200
    assert page.body.count(b"/aula/static/aula.js") == 1
    assert aula.ask("GET", "/aula/static/aula.js", Cookie=aula.cookie).status == 200


ADDED = re.compile(
    rb'<link[^>]*/aula/static/[^>]*><script type="application/json"[^>]*>[^\n]*?</script>'
    rb'<script type="module" src="/aula/static/aula.js"></script>'
)
"""What the aula adds to a page: what of its outputs varies, and its own."""


def test_the_site_is_served_as_it_was_built(aula: Aula) -> None:
    files = [file for file in SITE.rglob("*") if file.suffix in (".html", ".css", ".js", ".zip")]
    assert len(files) > 100
    for file in files:
        name = f"/curso/{file.relative_to(SITE).as_posix()}"
        served = aula.ask("GET", name, Cookie=aula.cookie).body
        if file.suffix == ".html":
            served = re.sub(ADDED, b"", served)
        assert served == file.read_bytes(), name


WITHOUT_TOKEN = [
    ("GET", PAGE, 403),
    ("HEAD", PAGE, 403),
    ("GET", "/aula/static/aula.js", 403),
    ("POST", "/aula/page", 403),
    ("DELETE", "/aula/page", 403),
    ("GET", "/aula/exercises/hola", 403),
    ("PUT", "/aula/exercises/hola", 403),
    ("POST", "/aula/exercises/hola", 403),
    ("GET", "/api/kernels", 403),
    ("POST", "/api/kernels", 403),
    ("DELETE", "/api/kernels/{kernel}", 403),
    ("POST", "/api/kernels/{kernel}/interrupt", 403),
    ("POST", "/api/kernels/{kernel}/restart", 403),
    ("GET", "/api/terminals", 403),
    ("POST", "/api/terminals", 403),
    ("DELETE", "/api/terminals/1", 403),
    ("OPTIONS", "/aula/page", 403),
    ("OPTIONS", "/aula/exercises/hola", 403),
    ("OPTIONS", "/api/kernels", 403),
    ("OPTIONS", "/api/terminals", 403),
]


@pytest.mark.parametrize(("method", "path", "status"), WITHOUT_TOKEN)
@pytest.mark.parametrize("token", ["", "0" * 48])
def test_without_the_token(
    aula: Aula, kernel: str, method: str, path: str, status: int, token: str
) -> None:
    headers = {"Authorization": f"token {token}"} if token else {}
    body = None if method in ("GET", "HEAD", "OPTIONS") else {"page": "hola/palabras", "name": "2"}
    answer = aula.ask(method, path.format(kernel=kernel), body, **headers)
    assert answer.status == status
    assert b"streamdocs" not in answer.body.lower()


@pytest.mark.parametrize("token", ["", "0" * 48])
def test_a_wrong_token_in_the_address(aula: Aula, token: str) -> None:
    answer = aula.ask("GET", f"{PAGE}?token={token}")
    assert answer.status == 403
    assert not [cookie for cookie in answer.cookies if cookie.startswith("username-")]


NOT_HERE = [
    *("/api/contents", "/files/x", "/nbconvert/html/x", "/api/kernelspecs", "/api/status"),
    *("/api/sessions", "/api/shutdown", "/api/config/x", "/api/me", "/login", "/logout"),
    *("/lab", "/tree", "/metrics", "/view/x", "/edit/x", "/", "/api", "/api/", "/api/spec.yaml"),
    *("/static/favicons/favicon.ico", "/static/base/images/favicon.ico", "/static/x"),
    *("/static/style/bootstrap.min.css", "/favicon.ico", "/robots.txt", "/logo", "/terminals/1"),
    *("/kernelspecs/aula/x", "/api/kernelspecs/aula", "/custom/custom.css"),
    *("/api/security/csp-report", "/api/terminalsx"),
]


@pytest.mark.parametrize("path", NOT_HERE)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_jupyter_has_and_an_aula_has_not(aula: Aula, path: str, method: str) -> None:
    """Not even for its reader; and nobody else learns whether it is there."""
    assert aula.ask(method, path, **aula.mine).status == 404
    assert aula.ask(method, path).status == 403
    assert aula.ask(method, path, host="evil.example", **aula.mine).status == 403


HOSTS = [
    *("evil.example", "192.168.1.5", "127.0.0.1.evil.example", "localhost"),
    *("otra-aula.localhost", "aula.localhost.evil.example"),
]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("with_port", [True, False])
def test_a_name_that_leads_here_and_is_not_ours(aula: Aula, host: str, with_port: bool) -> None:
    named = f"{host}:{aula.port}" if with_port else host
    for headers in ({}, {"Cookie": aula.cookie}, {"Authorization": f"token {aula.token}"}):
        for path in (PAGE, "/api/kernels", "/aula/static/aula.js"):
            assert aula.ask("GET", path, host=named, **headers).status == 403
        posted = aula.ask("POST", "/api/terminals", {"name": "3"}, host=named, **headers)
        assert posted.status == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "[::1]"])
def test_a_cookie_is_not_taken_under_another_name(aula: Aula, host: str) -> None:
    for path in (PAGE, "/api/kernels"):
        answer = aula.ask("GET", path, host=f"{host}:{aula.port}", Cookie=aula.cookie)
        assert answer.status == 403


def test_the_cookie_goes_to_nobody_else(aula: Aula) -> None:
    """A host of its own, since cookies know no ports; and no page of another site sends it."""
    name = aula.host.rpartition(":")[0]
    assert re.fullmatch(r"aula-[0-9a-f]{6}\.localhost", name)
    entered = aula.ask("GET", f"{PAGE}?token={aula.token}")
    (mine,) = [cookie for cookie in entered.cookies if cookie.startswith("username-")]
    assert "SameSite=Strict" in mine
    assert "HttpOnly" in mine
    assert "Domain" not in mine


@pytest.mark.parametrize("origin", ["http://evil.example", OTHER_PORT, "null"])
@pytest.mark.parametrize("xsrf", [True, False])
def test_a_page_of_another_origin(aula: Aula, origin: str, xsrf: bool) -> None:
    headers = aula.mine if xsrf else {"Cookie": aula.cookie}
    read = aula.ask("GET", "/api/kernels", **headers, Origin=origin)
    assert read.status in (403, 404)
    assert "Access-Control-Allow-Origin" not in read.headers
    for path in ("/aula/page", "/api/terminals"):
        answer = aula.ask("POST", path, {"page": "x", "name": "4"}, **headers, Origin=origin)
        assert answer.status in (403, 404)


def test_a_form_of_another_page(aula: Aula) -> None:
    """A cookie alone, without what only our page can read."""
    for path in ("/aula/page", "/api/terminals"):
        assert aula.ask("POST", path, {"page": "x"}, Cookie=aula.cookie).status == 403
        wrong = {"Cookie": aula.cookie, "X-XSRFToken": "0" * 32}
        assert aula.ask("POST", path, {"page": "x"}, **wrong).status == 403


PATHS = [
    *("/curso/../../../etc/passwd", "/curso/%2e%2e/%2e%2e/etc/passwd", "/curso//etc/passwd"),
    *("/curso/..%2f..%2fetc%2fpasswd", "/curso/../conf.py", "/aula/static/../server.py"),
    *("/curso/..%2fconf.py.html", "/aula/static/%2e%2e%2fserver.py", "/static/../../x"),
]


@pytest.mark.parametrize("path", PATHS)
def test_files_outside(aula: Aula, path: str) -> None:
    answer = aula.ask("GET", path, Cookie=aula.cookie)
    assert answer.status in (403, 404)
    assert b"root:" not in answer.body


def opens(aula: Aula, path: str, **headers: str) -> int:
    """The status with which a websocket is refused; 101 if it opens."""

    async def connect() -> int:
        try:
            async with websocket(aula, path, **headers):
                return 101
        except HTTPClientError as refused:
            return int(refused.code)

    return asyncio.run(connect())


@pytest.mark.parametrize("path", ["/terminals/websocket/1", "/api/kernels/{kernel}/channels"])
def test_websockets(aula: Aula, kernel: str, path: str) -> None:
    path = path.format(kernel=kernel)
    cookie, ours = aula.cookie, f"http://{aula.host}"
    assert opens(aula, path) == 403
    assert opens(aula, f"{path}?token={'0' * 48}") == 403
    for origin in ("http://evil.example", OTHER_PORT, "null", "http://localhost"):
        assert opens(aula, path, Cookie=cookie, Origin=origin) == 403
    assert opens(aula, path, Cookie=cookie, Origin=ours, Host="evil.example") == 403
    assert opens(aula, path, Origin=ours) == 403
    assert opens(aula, path, Cookie=cookie, Origin=ours) == 101


def test_what_a_terminal_shows_is_no_python(aula: Aula, kernel: str) -> None:
    """What is waited for has a number that a terminal showed, and IPython fills in braces."""
    assert execute(aula, kernel, "%aula_reposo otra {print('run')}") == ""


def tree(aula: Aula) -> list[psutil.Process]:
    """The aula's process and all below it."""
    top = psutil.Process(aula.process.pid)
    return [top, *top.children(recursive=True)]


def test_only_loopback(aula: Aula, kernel: str) -> None:
    assert kernel
    found: set[str] = set()
    for process in tree(aula):
        with suppress(psutil.NoSuchProcess):  # one that has ended listens no more
            lines = process.net_connections("inet")
            found |= {each.laddr.ip for each in lines if each.status == psutil.CONN_LISTEN}
    assert "127.0.0.1" in found
    assert found <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}


def bind_first(port: int) -> int:
    """The error with which another program would not get ``port`` of ::1; 0 if it would."""
    with socket.socket(socket.AF_INET6) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            other.bind(("::1", port))
        except OSError as error:
            return error.errno or -1
    return 0


def test_nobody_else_is_where_a_browser_tries_first(aula: Aula) -> None:
    """For a name of localhost's that is ::1: another user there would be sent the token."""
    if bind_first(0):
        pytest.skip("no IPv6 here")
    assert bind_first(aula.port) == errno.EADDRINUSE
    assert aula.ask("GET", PAGE, at="::1").status == 403
    assert aula.ask("GET", PAGE, at="::1", Cookie=aula.cookie).status == 200


def test_a_port_that_another_has_at_one_loopback_is_left_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bind, taken = server.bind_sockets, iter([errno.EADDRINUSE, errno.EADDRINUSE])

    def bind_sockets(port: int, host: str) -> list[socket.socket]:
        if host == "::1" and (number := next(taken, None)):
            raise OSError(number, "")
        return bind(port, host)

    monkeypatch.setattr(server, "bind_sockets", bind_sockets)
    sockets = server._bound()
    assert len({each.getsockname()[1] for each in sockets}) == 1
    for each in sockets:
        each.close()
    taken = itertools.repeat(errno.EADDRNOTAVAIL)  # no IPv6
    (one,) = server._bound()
    one.close()
    taken = itertools.repeat(errno.EADDRINUSE)
    with pytest.raises(server.NoPortError):
        server._bound()


def test_the_token_is_in_no_file_and_in_no_command(aula: Aula, kernel: str) -> None:
    assert kernel
    for each in tree(aula):
        with suppress(psutil.NoSuchProcess):
            assert aula.token not in " ".join(each.cmdline())
    top = folder(aula)
    assert top.name.startswith("aula-")
    assert top.stat().st_mode & 0o077 == 0
    found = subprocess.run(["grep", "-rlI", aula.token, str(top)], capture_output=True, text=True)
    assert found.stdout == ""


PLAIN = "jupyter_server_terminals.terminalmanager.TerminalManager"
OPEN: dict[str, dict[str, str]] = {
    "IdentityProvider": {"token": ""},
    "PasswordIdentityProvider": {"token": ""},
    "Owner": {"token": ""},
    "TerminalsExtensionApp": {"terminal_manager_class": PLAIN},
}
"""A configuration with which who has nothing gets in, and shells open wherever they like."""

CONFIGS = ["jupyter_config", "jupyter_server_config", "jupyter_jupyter_server_terminals_config"]


def open_the_door(folder: Path, name: str) -> None:
    """Have ``folder`` hold that configuration in the file called ``name``."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"c.{class_}.{trait} = {value!r}"
        for class_, traits in OPEN.items()
        for trait, value in traits.items()
    ]
    python = "\n".join(["c = get_config()", *lines])
    (folder / name).write_text(json.dumps(OPEN) if name.endswith("json") else python)


def configured(folder: Path) -> dict[str, Any]:
    """How to have Jupyter read in four folders below ``folder``: all kinds in which it does."""
    paths = {kind: [str(folder / kind)] for kind in ("ENV_CONFIG_PATH", "SYSTEM_CONFIG_PATH")}
    patches = (f"p.{name} = {value!r}" for name, value in paths.items())
    return {
        "wrapper": ("from jupyter_core import paths as p", *patches),
        "HOME": str(folder),
        "JUPYTER_CONFIG_PATH": str(folder / "path"),
        "JUPYTER_CONFIG_DIR": str(folder / "dir"),
    }


FOLDERS = (".jupyter", "path", "dir", "ENV_CONFIG_PATH", "SYSTEM_CONFIG_PATH")


def needs_its_token(aula: Aula) -> None:
    """Fails if who has nothing gets a page, or a shell."""
    assert aula.ask("GET", PAGE).status == 403
    assert aula.ask("POST", "/api/terminals", {"name": "5"}).status == 403


def keeps_its_rules(aula: Aula) -> None:
    """Fails if any configuration counted: no page is live, so that no shell may open."""
    needs_its_token(aula)
    assert aula.ask("POST", "/api/terminals", {"name": "5"}, **aula.mine).status == 409


def test_no_configuration_of_jupyter_counts(tmp_path: Path) -> None:
    for where in FOLDERS:
        for name in CONFIGS:
            for kind in ("py", "json"):
                open_the_door(tmp_path / where, f"{name}.{kind}")
    with open_(SITE, **configured(tmp_path)) as opened:
        keeps_its_rules(opened)


def test_no_variable_of_jupyter_counts() -> None:
    env = {
        "JUPYTER_TOKEN": "",
        "JUPYTER_GATEWAY_URL": "http://127.0.0.1:9",
        "JUPYTER_SERVER_ALLOW_UNAUTHENTICATED_ACCESS": "true",
        "JUPYTER_PORT": "1",
    }
    with open_(SITE, **env) as opened:
        keeps_its_rules(opened)
        live = opened.ask("POST", "/aula/page", {"page": "hola/palabras"}, **opened.mine)
        assert live.status == 200


JUPYTER = "from jupyter_server.base.handlers import JupyterHandler as H"
OURS = "from streamdocs.aula import server as s"
MUTANTS = [
    pytest.param(
        (JUPYTER, "H.check_host = lambda self: True"),
        lambda aula: test_a_name_that_leads_here_and_is_not_ours(aula, "evil.example", True),
        id="Host",
    ),
    pytest.param(
        (JUPYTER, "H.check_origin = lambda *_: True"),
        lambda aula: test_a_page_of_another_origin(aula, "http://evil.example", True),
        id="Origin",
    ),
    pytest.param(
        (JUPYTER, "H.check_xsrf_cookie = lambda *_: None"), test_a_form_of_another_page, id="XSRF"
    ),
    pytest.param(
        (
            OURS,
            "o = s._config",
            "s._config = lambda *a: (c := o(*a), c.pop('IdentityProvider'))[0]",
        ),
        test_the_cookie_goes_to_nobody_else,
        id="SameSite",
    ),
    pytest.param(
        (OURS, "s._NAME = 'localhost'"), test_the_cookie_goes_to_nobody_else, id="own-name"
    ),
    pytest.param(
        (OURS, "s._JUPYTERS = ''"),
        lambda aula: test_what_jupyter_has_and_an_aula_has_not(aula, "/robots.txt", "GET"),
        id="nothing-else",
    ),
    pytest.param(
        (OURS, "b = s.bind_sockets", "s._bound = lambda: b(0, '127.0.0.1')"),
        test_nobody_else_is_where_a_browser_tries_first,
        id="both-loopbacks",
    ),
    pytest.param(
        (OURS, "s._Options.match = lambda *_: None"),
        lambda aula: test_without_the_token(aula, "", "OPTIONS", "/aula/page", 403, ""),
        id="OPTIONS",
    ),
    pytest.param(
        (OURS, "s.Owner.auth_enabled = property(lambda self: False)"), needs_its_token, id="token"
    ),
]


@pytest.mark.full
@pytest.mark.parametrize(("mutant", "check"), MUTANTS)
def test_without_one_of_the_guards_a_check_fails(
    mutant: tuple[str, ...], check: Callable[[Aula], None]
) -> None:
    with open_(SITE, wrapper=mutant) as opened, pytest.raises(AssertionError):
        check(opened)


DEAF = (OURS, "del s.Aula.config_file_paths")


@pytest.mark.full
@pytest.mark.parametrize("kind", ["py", "json"])
@pytest.mark.parametrize("name", CONFIGS)
def test_without_our_deafness_each_configuration_counts(
    tmp_path: Path, name: str, kind: str
) -> None:
    open_the_door(tmp_path / "SYSTEM_CONFIG_PATH", f"{name}.{kind}")
    options = configured(tmp_path)
    options["wrapper"] += DEAF
    with open_(SITE, **options) as aula, pytest.raises(AssertionError):
        keeps_its_rules(aula)

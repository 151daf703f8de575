"""Un servicio web de mentira: da las lecturas que hay en un fichero.

Enseña cada cosa que le piden.

Terminal 1:
    $ echo 'Sol 21.5' > lecturas.txt
    $ python examples/trabajo/servicio.py

Terminal 2:
    $ curl -s 'http://127.0.0.1:8000/lecturas?desde=0'
    [["Sol", 21.5]]

Terminal 1:
    /lecturas?desde=0
"""

# %% Servicio
import json
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

DIRECCION = ("127.0.0.1", 8000)
LECTURAS = Path("lecturas.txt")


def lecturas(desde, hasta=None):
    """Las líneas de la número «desde» a la anterior a «hasta»."""
    lineas = LECTURAS.read_text(encoding="utf-8").splitlines()
    partidas = [linea.split() for linea in lineas[desde:hasta]]
    return [(sitio, float(grados)) for sitio, grados in partidas]


class Servicio(BaseHTTPRequestHandler):
    """Responde a /lecturas?desde=2 y a /lecturas?desde=2&hasta=5."""

    def handle(self):
        # Quien pregunta puede irse sin leer la respuesta, como una consulta que se para.
        with suppress(ConnectionError):
            super().handle()

    def do_GET(self):
        print(self.path, flush=True)
        direccion = urlsplit(self.path)
        if direccion.path != "/lecturas":
            self.send_error(404)
            return
        if not LECTURAS.exists():
            self.send_error(503)  # hoy no: vuelve más tarde
            return
        pide = parse_qs(direccion.query)
        limites = {cual: int(valor) for cual, [valor] in pide.items()}
        cuerpo = json.dumps(lecturas(**limites)).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(cuerpo)))
        self.end_headers()
        self.wfile.write(cuerpo)

    def log_message(self, *datos):
        """Lo que le piden ya lo enseña do_GET."""


# %% Servir
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
servidor = HTTPServer(DIRECCION, Servicio)
while True:
    servidor.handle_request()

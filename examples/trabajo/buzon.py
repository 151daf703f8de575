"""Recibe los avisos de Alertmanager y los imprime.

Terminal 1:
    $ python examples/trabajo/buzon.py
"""

# %% Buzón
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

DIRECCION = ("127.0.0.1", 9099)
avisos = []


class Buzon(BaseHTTPRequestHandler):
    """Guarda de cada alerta cómo está, cuál es y qué dice."""

    def do_POST(self):
        largo = int(self.headers["Content-Length"])
        for alerta in json.loads(self.rfile.read(largo))["alerts"]:
            cual = alerta["labels"]["alertname"]
            dice = alerta["annotations"]["resumen"]
            avisos.append((alerta["status"], cual, dice))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *datos):
        """No dice nada de cada petición."""


# %% Abrir
buzon = HTTPServer(DIRECCION, Buzon)

# %% Servir
while True:
    buzon.handle_request()
    print(*avisos, sep="\n", flush=True)
    avisos.clear()

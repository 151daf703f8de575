r"""Un servidor web con dos sitios, que exige CRLF en la primera línea.

Terminal 1:
    $ python examples/nc/sitios.py 2> registro.txt
    Escucho en 127.0.0.1:8001.

Terminal 2:
    $ printf 'GET / HTTP/1.1\r\nHost: mar.example\r\n\r\n' | nc -N 127.0.0.1 8001
    HTTP/1.1 200 OK
    ...
    Aquí hay olas.

Terminal 1:
    b'GET / HTTP/1.1\r\n'
"""

# %% Constantes
import os
import signal
from http.server import BaseHTTPRequestHandler, HTTPServer

PUERTO = int(os.environ.get("PUERTO", "8001"))
SITIOS = {
    "mar.example": "Aquí hay olas.\n",
    "monte.example": "Aquí hay pinos.\n",
}


# %% Responder
def nombre(host):
    """El sitio, sin el puerto que añade un navegador.

    >>> nombre("mar.example:8001")
    'mar.example'
    """
    return host and host.partition(":")[0]


class Sitios(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        print(self.raw_requestline, flush=True)
        sitio = nombre(self.headers["Host"])
        if not self.raw_requestline.endswith(b"\r\n"):
            self.responde(400, "La línea no acaba en CRLF.\n")
        elif sitio is None:
            self.responde(400, "Falta Host.\n")
        elif sitio not in SITIOS:
            self.responde(404, f"No conozco {sitio}.\n")
        else:
            self.responde(200, SITIOS[sitio])

    def responde(self, codigo, texto):
        cuerpo = texto.encode()
        self.send_response_only(codigo)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(cuerpo)))
        self.end_headers()
        self.wfile.write(cuerpo)


# %% Servir
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    with HTTPServer(("127.0.0.1", PUERTO), Sitios) as servidor:
        print(f"Escucho en 127.0.0.1:{PUERTO}.", flush=True)
        servidor.serve_forever(poll_interval=None)

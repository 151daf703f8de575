"""Solución: escucha en un puerto y envía las líneas de un fichero a quien llame."""

# %% Constantes
import os
import signal
import socket
from itertools import count
from pathlib import Path

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
FICHERO = os.environ.get("FICHERO", "lineas.txt")


# %% Servir
def servir(lineas):
    """Atiende a los clientes de uno en uno, y no acaba nunca."""
    with socket.create_server((HOST, PUERTO)) as servidor:
        for cliente in count(1):
            conexion, _ = servidor.accept()
            with conexion:
                for linea in [f"cliente {cliente}", *lineas]:
                    conexion.sendall(f"{linea}\n".encode())


# %% Programa
if __name__ == "__main__":
    # Que Control+C termine el programa sin más.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    servir(Path(FICHERO).read_text("utf-8").splitlines())

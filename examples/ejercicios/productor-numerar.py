"""Envía las líneas de un fichero a un puerto TCP, en una sola conexión.

Cámbialo: que cada línea lleve delante su número y cuántos bytes ocupa,
y que las líneas vacías ni se envíen ni se numeren.
"""

# %% Constantes
import os
import socket
from pathlib import Path

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
FICHERO = os.environ.get("FICHERO", "lineas.txt")


# %% Mensaje
def mensaje(linea):
    """Los bytes que se envían."""
    return f"{linea}\n".encode()


# %% Enviar
def enviar(lineas):
    """Abre una conexión, envía cada línea y cierra."""
    with socket.create_connection((HOST, PUERTO)) as conexion:
        for linea in lineas:
            conexion.sendall(mensaje(linea))


# %% Programa
if __name__ == "__main__":
    enviar(Path(FICHERO).read_text("utf-8").splitlines())

"""Solución: envía cada línea con su número y los bytes que ocupa."""

# %% Constantes
import os
import socket
from pathlib import Path

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
FICHERO = os.environ.get("FICHERO", "lineas.txt")


# %% Mensaje
def mensaje(numero, linea):
    """Los bytes que se envían."""
    ocupa = len(linea.encode())
    return f"{numero};{ocupa};{linea}\n".encode()


# %% Enviar
def enviar(lineas):
    """Abre una conexión, envía cada línea y cierra."""
    with socket.create_connection((HOST, PUERTO)) as conexion:
        for numero, linea in enumerate(lineas, 1):
            conexion.sendall(mensaje(numero, linea))


# %% Programa
if __name__ == "__main__":
    lineas = Path(FICHERO).read_text("utf-8").splitlines()
    enviar([linea for linea in lineas if linea])

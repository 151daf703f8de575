"""Envía las líneas de un fichero a un puerto TCP, en una sola conexión.

Cada línea viaja en UTF-8 y acaba en un salto de línea.
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
    # Completa: de texto a bytes, con el salto de línea.
    return ...


# %% Enviar
def enviar(lineas):
    """Abre una conexión, envía cada línea y cierra."""
    # Completa: una conexión para todas las líneas.
    ...


# %% Programa
if __name__ == "__main__":
    enviar(Path(FICHERO).read_text("utf-8").splitlines())

"""Espera a que le llamen y envía palabras a quien ha llamado.

Terminal 1:
    $ python examples/productor/servidor.py
    Espero una llamada en localhost:9999.

Terminal 2:
    $ python examples/hola/palabras.py 2> registro.txt
    ...
    | viento|    2|
    ...

Terminal 1:
    He enviado 10 palabras.

Terminal 2:
    ^C
    $ echo adiós
    adiós
"""

# %% Constantes
import os
import signal
import socket

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
PALABRAS = ["sol", "mar", "viento", "arena", "sal"]


# %% Servir
def servir(palabras):
    """Espera una llamada, envía las palabras y cuelga."""
    with socket.create_server((HOST, PUERTO)) as servidor:
        print(f"Espero una llamada en {HOST}:{PUERTO}.", flush=True)
        conexion, _ = servidor.accept()
        with conexion:
            for palabra in palabras:
                conexion.sendall(f"{palabra}\n".encode())
    print(f"He enviado {len(palabras)} palabras.")


# %% Programa
if __name__ == "__main__":
    # Que Control+C termine el programa sin más, y no con una página de errores.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    servir(PALABRAS * 2)

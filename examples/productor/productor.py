"""Envía palabras a un puerto TCP: una conexión por palabra.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/productor/productor.py
    He enviado 10 palabras a localhost:9999.

Terminal 1:
    sol
    mar
    viento
    arena
    sal
    sol
    mar
    viento
    arena
    sal
    ^C

Terminal 2:
    $ python examples/productor/productor.py
    Nadie escucha en localhost:9999. Abre otro terminal y escribe: nc -lk 127.0.0.1 9999
    $ echo $?
    1
"""

# %% Constantes
import os
import random
import socket
import sys
import time

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
PALABRAS = ["sol", "mar", "viento", "arena", "sal"]
PLAZO = 3  # segundos que espera a que le atiendan


# %% Mensaje
def mensaje(palabra):
    r"""La palabra y un salto de línea, en bytes: lo único que un socket sabe enviar.

    >>> mensaje("sol")
    b'sol\n'
    >>> mensaje("año")
    b'a\xc3\xb1o\n'
    """
    return f"{palabra}\n".encode()


# %% Enviar
def enviar_palabra(palabra, host=HOST, puerto=PUERTO, azar=random):
    """Abre una conexión, envía la palabra, espera un rato al azar y cierra."""
    with socket.create_connection((host, puerto), PLAZO) as conexion:
        conexion.sendall(mensaje(palabra))
        time.sleep(azar.uniform(0.05, 0.2))


# %% Programa
def main():
    azar = random.Random(7)
    palabras = PALABRAS * 2
    try:
        for palabra in palabras:
            enviar_palabra(palabra, azar=azar)
    except ConnectionRefusedError:
        sys.exit(
            f"Nadie escucha en {HOST}:{PUERTO}. Abre otro terminal "
            f"y escribe: nc -lk 127.0.0.1 {PUERTO}"
        )
    except TimeoutError:
        sys.exit(
            f"{HOST}:{PUERTO} está ocupado con otro programa: ciérralo, "
            f"o escucha con: ncat --broker -lk 127.0.0.1 {PUERTO}"
        )
    print(f"He enviado {len(palabras)} palabras a {HOST}:{PUERTO}.")


if __name__ == "__main__":
    main()

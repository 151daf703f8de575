"""Escribe palabras en su salida; una tubería se las da a nc, y nc a quien llame.

Terminal 1:
    $ python examples/productor/emisor.py | nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/hola/palabras.py 2> registro.txt
    ...
    | viento|    2|
    ...

Terminal 2:
    ^C
    $ echo adiós
    adiós
"""

# %% Constantes
import random
import signal
import time

PALABRAS = ["sol", "mar", "viento", "arena", "sal"]


# %% Emitir
def emitir(palabras, azar):
    """Escribe una palabra en cada línea, con un rato entre una y otra."""
    for palabra in palabras:
        # Sin flush, por una tubería saldrían todas juntas, al final.
        print(palabra, flush=True)
        time.sleep(azar.uniform(0.05, 0.2))


# %% Programa
if __name__ == "__main__":
    # Que Control+C termine el programa sin más, y no con una página de errores.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    emitir(PALABRAS * 2, random.Random(7))

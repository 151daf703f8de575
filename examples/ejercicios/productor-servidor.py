"""Escucha en un puerto y envía las líneas de un fichero a quien llame.

Atiende a los clientes de uno en uno, y no acaba nunca. A cada uno le envía
«cliente 1», «cliente 2»…, según va llegando, y después todas las líneas.
"""

# %% Constantes
import os

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
FICHERO = os.environ.get("FICHERO", "lineas.txt")

# %% Servir
# Completa: escucha, atiende a uno, cierra su conexión y espera al siguiente.
...

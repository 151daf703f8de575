"""Suma en SQLite las unidades de cada libro, sin contar dos veces un micro-batch.

Los ficheros de ENTRADA tienen líneas como «Nada;12» o «Nada;-2».
La base es el fichero SALIDA, y su tabla, libros (titulo, unidades).
El programa acaba cuando ha procesado lo que hay.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "libros.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# %% Programa
# Completa: el programa entero.
...

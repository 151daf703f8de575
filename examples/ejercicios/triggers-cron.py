"""Suma los viajeros de cada línea de autobús, una vez cada noche.

Los ficheros de ENTRADA tienen líneas como «L1;120». Cada noche enseña
las líneas que traen algo nuevo, con su total desde la primera noche.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# %% Programa
# Completa: el programa entero.
...

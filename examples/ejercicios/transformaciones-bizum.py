"""Lleva la cuenta del dinero que envía cada persona.

Las líneas llegan por un socket: «Ana;12,50». Las que están mal no
cuentan. Por cada línea buena enseña a su persona, con sus totales.
"""

# %% Constantes
import os

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

# %% Programa
# Completa: el programa entero.
...

"""Paso 5: una página con las ventanas, y un aviso de cada una que pasa del límite."""

# %% Dónde
import os

BASE = os.environ.get("BASE", "bizums.db")
TABLERO = os.environ.get("TABLERO", "tablero.html")
ALERTAS = os.environ.get("ALERTAS", "alertas.jsonl")
LIMITE = int(os.environ.get("LIMITE", "100000"))

# %% Página
# Completa: lee las ventanas de BASE y escribe TABLERO de una vez.
...

# %% Alertas
# Completa: una línea por cada ventana que pasa de LIMITE.
...

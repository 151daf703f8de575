"""Apunta en un diario los viajeros que trae cada micro-batch.

Los ficheros de ENTRADA tienen líneas como «sol;12», y cada uno es un
micro-batch. Por cada uno, una línea de SALIDA: un JSON con su número
(batch), la suma de viajeros de las líneas buenas (viajeros) y el número
más alto (mayor).
"""

# %% Constantes
import os
from pathlib import Path

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = Path(os.environ.get("SALIDA", "diario.jsonl"))

# %% Programa
# Completa: el programa entero.
...

"""Suma los viajeros de cada diez minutos, según llegan a un topic.

Empieza por el cuarto mensaje, y los lee de dos en dos.
"""

# %% Constantes
import os

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "viajeros")

# Completa: la sesión, con el conector y en UTC, la fuente, las ventanas y la consulta.
...

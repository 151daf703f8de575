"""Cuenta las etiquetas (#algo) de los mensajes que llegan por un socket.

Tras cada mensaje escribe la tabla entera, con las columnas etiqueta y
veces. Una etiqueta es una palabra que empieza por # y sigue con algo. Se
escribe sin la almohadilla, y da igual que venga en mayúsculas.
"""

# %% Constantes
import os

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

# %% Programa
# Completa: la sesión, la fuente, las etiquetas, su recuento y la consulta.
...

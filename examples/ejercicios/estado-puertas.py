"""Dice cuándo se abre o se cierra cada puerta de un almacén.

Lee los ficheros CSV de la carpeta ENTRADA, uno por micro-batch: hora,
puerta y estado. Los ficheros llegan por orden; las líneas de un
fichero, no: hay que mirar su hora, que es un texto como «12:04:05».
Cuando el estado de una puerta no es el que tenía, escribe en la consola
hora, puerta, antes y ahora. De la primera vez que se ve una puerta no
se escribe nada. Acaba con lo que hay.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")

# %% Programa
# Completa: la sesión, la fuente, el estado de cada puerta y la consulta.
...

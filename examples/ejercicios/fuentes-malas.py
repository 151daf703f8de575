"""Aparta las líneas que no se entienden de los ficheros JSON de una carpeta.

De cada línea interesan estacion (texto), grados (DOUBLE) y lluvia (INT). Si
falta un campo o sobra otro, la línea es buena. Si no es JSON, o un campo no
es de su tipo, es mala: escribe solo las malas, con las columnas fichero,
estacion, grados, lluvia y linea, que es la línea entera, tal como venía.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")

# %% Programa
# Completa: lee la carpeta, aparta las malas y acaba cuando no quede nada.
...

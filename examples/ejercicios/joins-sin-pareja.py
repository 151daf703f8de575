"""Dice quién entrega cada pedido, y cuáles no entrega nadie.

En ENTRADA hay dos carpetas de ficheros CSV, «pedidos» (hora, pedido y
plato) y «entregas» (hora, pedido y repartidor). Se lee un fichero de
cada una por micro-batch. Una entrega no es anterior a su pedido, y
llega, como mucho, 30 minutos después. En los dos lados se espera 5
minutos a lo que viene con retraso. Escribe en la consola pedido, plato
y repartidor; sin repartidor, los que nadie ha entregado a tiempo. Acaba
con lo que hay.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")

# %% Programa
# Completa: la sesión, las dos fuentes, el join y la consulta.
...

"""Dice cuánto se paga por bizum cada tres minutos.

Lee los ficheros CSV de la carpeta ENTRADA, uno por micro-batch: hora,
persona y euros. De cada ventana de tres minutos escribe en la consola
desde, hasta, media, maximo, minimo y pagos, una sola vez, cuando se
cierra. A lo que llega con retraso se lo espera 30 segundos. Acaba con
lo que hay. (Con un `spark.sql.shuffle.partitions` de 1 acaba antes.)
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")

# %% Programa
# Completa: la sesión, la fuente, las ventanas y la consulta.
...

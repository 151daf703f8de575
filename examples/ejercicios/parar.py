"""Guarda dos streams. Si una consulta muere, dice cuál y acaba con un 1."""

# %% Sesión
import os
import sys
from contextlib import suppress

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName("ejercicio-parar").getOrCreate()


# %% Consultas
def guardar(nombre):
    """Guarda en JSON lo que llega a la carpeta «nombre» de ENTRADA."""
    apuntes = (
        spark.readStream.format("csv")
        .schema("hora STRING, euros INT")
        .option("sep", ";")
        # Con una línea que no se entiende, la consulta muere.
        .option("mode", "FAILFAST")
        .load(f"{ENTRADA}/{nombre}")
    )
    return (
        apuntes.writeStream.queryName(nombre)
        .format("json")
        .option("checkpointLocation", f"{CHECKPOINT}/{nombre}")
        .start(f"{SALIDA}/{nombre}")
    )


consultas = [guardar("ventas"), guardar("compras")]

# %% Muerte
# Ha muerto una. Cuál, se les pregunta a ellas.
with suppress(StreamingQueryException):
    # Completa: espera a que acabe una de las dos, la que sea.
    ...
# Completa: los nombres de las que han muerto con un error.
muertas = ...
for nombre in muertas:
    print("ha muerto:", nombre, flush=True)
spark.stop()
# Completa: acaba con un 1.
...

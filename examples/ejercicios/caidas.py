"""Guarda en JSON los pedidos de una farmacia, aunque el programa muera a medias.

Cada micro-batch va en su carpeta. Si se repite, sustituye lo que había en ella.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName("ejercicio-caidas").getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("csv")
    .schema("medicamento STRING, cajas INT")
    .option("sep", ";")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)


# %% Escritura
def guardar(tabla, numero):
    # Completa: en JSON, en una carpeta de SALIDA que sea de este número.
    ...


# %% Consulta
# Completa: cada micro-batch a guardar, con su checkpoint, y acaba con lo que hay.
consulta = ...
consulta.awaitTermination()

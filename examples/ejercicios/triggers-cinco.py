"""Procesa los pedidos de una carpeta de una vez, y dice cuántos son.

Cámbialo: exactamente cinco micro-batches, y que cada uno diga además
cuántos euros suman sus pedidos.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName(
    "ejercicio-triggers-cinco"
).getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("csv")
    .schema("producto STRING, euros INT")
    .option("sep", ";")
    .load(ENTRADA)
)


# %% Contar
def contar(tabla, numero):
    """Dice qué ha tenido un micro-batch."""
    cuantos = tabla.count()
    print(f"micro-batch {numero}: {cuantos} pedidos", flush=True)


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(contar)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

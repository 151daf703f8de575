"""Guarda los pedidos de cada fichero, buenos y malos."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName(
    "ejercicio-vigilar-guardia"
).getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("csv")
    .schema("pedido STRING, euros INT")
    .option("sep", ";")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)


# %% Guardar
def guardar(tabla, numero):
    tabla.write.mode("append").json(SALIDA)


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(guardar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)

# %% Espera
consulta.awaitTermination()

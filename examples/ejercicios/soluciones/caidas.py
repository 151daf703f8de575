"""Solución: guarda en JSON los pedidos de una farmacia, aunque el programa muera a medias."""

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
    tabla.write.mode("overwrite").json(f"{SALIDA}/numero={numero}")


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(guardar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

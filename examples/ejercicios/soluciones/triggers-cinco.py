"""Solución: procesa los pedidos en cinco micro-batches, y dice qué tuvo cada uno."""

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
    .option("maxFilesPerTrigger", 3)
    .load(ENTRADA)
)


# %% Contar
def contar(tabla, numero):
    """Dice qué ha tenido un micro-batch."""
    cuantos, euros = tabla.selectExpr("count(*)", "sum(euros)").first()
    print(
        f"micro-batch {numero}: {cuantos} pedidos, {euros} euros",
        flush=True,
    )


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(contar)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

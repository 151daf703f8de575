"""Solución: dice cuánto vale cada pedido de una farmacia."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr

ENTRADA = os.environ.get("ENTRADA", "entrada")
PRECIOS = [
    ("gasas", 1.5),
    ("suero", 2.25),
    ("tiritas", 3.0),
    ("alcohol", 0.75),
]

spark = SparkSession.builder.appName("ejercicio-joins").getOrCreate()

# %% Fuentes
pedidos = (
    spark.readStream.format("csv")
    .schema("pedido STRING, producto STRING, cajas INT")
    .load(ENTRADA)
)
precios = spark.createDataFrame(
    PRECIOS, "producto STRING, precio DOUBLE"
)

# %% Join
importes = pedidos.join(precios, "producto", "left").select(
    "pedido",
    "producto",
    "cajas",
    expr("cajas * precio").alias("importe"),
)

# %% Consulta
consulta = (
    importes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

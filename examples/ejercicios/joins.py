"""Dice cuánto vale cada pedido de una farmacia.

El importe es el precio de una caja por las cajas que se piden. Lo que
no está en la lista de precios sale también, sin importe.
"""

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
# Completa: cada pedido con su precio. Salen pedido, producto, cajas e
# importe.
importes = ...

# %% Consulta
consulta = (
    importes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

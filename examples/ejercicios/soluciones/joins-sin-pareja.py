"""Solución: dice quién entrega cada pedido, y cuáles no entrega nadie."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-joins-sin-pareja")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuentes
pedidos = (
    spark.readStream.format("csv")
    .schema("pedida TIMESTAMP, pedido STRING, plato STRING")
    .option("maxFilesPerTrigger", 1)
    .load(f"{ENTRADA}/pedidos")
    .withWatermark("pedida", "5 minutes")
)
entregas = (
    spark.readStream.format("csv")
    .schema("entregada TIMESTAMP, entrega STRING, repartidor STRING")
    .option("maxFilesPerTrigger", 1)
    .load(f"{ENTRADA}/entregas")
    .withWatermark("entregada", "5 minutes")
)

# %% Join
tabla = pedidos.join(
    entregas,
    expr(
        "pedido = entrega AND entregada >= pedida"
        " AND entregada <= pedida + interval 30 minutes"
    ),
    "leftOuter",
).select("pedido", "plato", "repartidor")

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

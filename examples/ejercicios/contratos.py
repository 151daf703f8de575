"""Guarda los pedidos que llegan en JSON. Los que no se entienden, también, y llenos de huecos.

Cámbialo: lo que no cumple el contrato se guarda aparte, tal como vino y con su motivo.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import from_json

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName(
    "ejercicio-contratos"
).getOrCreate()

# %% Contrato
CONTRATO = "id INT, producto STRING, unidades INT"

mensajes = spark.readStream.format("text").load(ENTRADA)
pedidos = mensajes.withColumn("pedido", from_json("value", CONTRATO))


# %% Repartir
def repartir(tabla, numero):
    (
        tabla.select("pedido.id", "pedido.producto", "pedido.unidades")
        .write.mode("append")
        .json(f"{SALIDA}/buenos")
    )


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(repartir)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Solución: guarda los pedidos que cumplen el contrato, y aparte los demás, con su motivo."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import expr, from_json

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName(
    "ejercicio-contratos"
).getOrCreate()

# %% Contrato
CONTRATO = "id INT, producto STRING, unidades INT, malo STRING"

mensajes = spark.readStream.format("text").load(ENTRADA)
pedidos = mensajes.withColumn(
    "pedido",
    from_json("value", CONTRATO, {"columnNameOfCorruptRecord": "malo"}),
)

# %% Motivo
motivo = expr("""CASE
    WHEN value = '' THEN 'está en blanco'
    WHEN pedido.malo IS NOT NULL THEN 'no es lo acordado'
    WHEN pedido.id IS NULL THEN 'le falta el id'
END""")


# %% Repartir
def repartir(tabla, numero):
    con_motivo = tabla.withColumn("motivo", motivo)
    buenos = con_motivo.where("motivo IS NULL")
    (
        buenos.select("pedido.id", "pedido.producto", "pedido.unidades")
        .write.mode("append")
        .json(f"{SALIDA}/buenos")
    )
    malos = con_motivo.where("motivo IS NOT NULL")
    (
        malos.selectExpr("motivo", "value AS texto")
        .write.mode("append")
        .json(f"{SALIDA}/malos")
    )


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(repartir)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Solución: guarda los pedidos de cada fichero, salvo que más de la mitad sean malos."""

# %% Sesión
import os
import sys

from pyspark.errors import StreamingQueryException
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
class MalaCalidad(Exception):
    """Más de la mitad de las filas son malas."""


def guardar(tabla, numero):
    filas, malas = tabla.selectExpr(
        "count(*)", "count_if(euros < 0)"
    ).first()
    if malas > filas / 2:
        raise MalaCalidad(f"{malas} de {filas}")
    tabla.write.mode("append").json(SALIDA)


# %% Consulta
consulta = (
    pedidos.writeStream.foreachBatch(guardar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)

# %% Espera
try:
    consulta.awaitTermination()
except StreamingQueryException as error:
    if "MalaCalidad" not in str(error):
        raise
    sys.exit(3)

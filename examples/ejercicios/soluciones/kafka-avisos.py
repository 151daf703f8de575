"""Solución: lleva a otro topic las medidas de más de 8 grados, con la nevera como clave."""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.functions import from_json

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "medidas")
DESTINO = os.environ.get("DESTINO", "avisos")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# El conector no viene con Spark, y debe ser de su misma versión.
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)

spark = (
    SparkSession.builder.appName("ejercicio-kafka-avisos")
    .config("spark.jars.packages", CONECTOR)
    .getOrCreate()
)

# %% Fuente
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("subscribe", TOPIC)
    .option("startingOffsets", "earliest")
    .load()
)
medidas = mensajes.selectExpr("CAST(value AS STRING) AS value")

# %% Avisos
medida = from_json("value", "nevera STRING, grados DOUBLE")
avisos = medidas.where(medida.grados > 8).select(
    medida.nevera.alias("key"), "value"
)

# %% Consulta
consulta = (
    avisos.writeStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("topic", DESTINO)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

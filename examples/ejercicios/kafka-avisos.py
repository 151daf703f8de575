"""Lleva de un topic a otro las medidas de las neveras, como llegan y sin clave.

Cámbialo: solo las de más de 8 grados, y con la nevera como clave.
"""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession

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

# %% Consulta
consulta = (
    medidas.writeStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("topic", DESTINO)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

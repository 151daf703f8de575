"""Solución: suma los viajeros de cada diez minutos, según llegan a un topic."""

# %% Sesión
import json
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, from_json, window
from pyspark.sql.functions import sum as suma

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "viajeros")

# El conector no viene con Spark, y debe ser de su misma versión.
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)

spark = (
    SparkSession.builder.appName("ejercicio-kafka-ventanas")
    .config("spark.jars.packages", CONECTOR)
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("subscribe", TOPIC)
    # El primero es el 0.
    .option("startingOffsets", json.dumps({TOPIC: {"0": 3}}))
    .option("maxOffsetsPerTrigger", 2)
    .load()
)

# %% Ventanas
viaje = from_json(
    mensajes.value.cast("string"), "hora TIMESTAMP, viajeros INT"
)
por_ventana = (
    mensajes.select(viaje.alias("viaje"))
    .groupBy(window("viaje.hora", "10 minutes"))
    .agg(suma("viaje.viajeros").alias("viajeros"))
)
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "viajeros",
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .outputMode("update")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

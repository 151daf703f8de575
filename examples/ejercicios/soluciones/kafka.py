"""Solución: lee los pedidos de libros que hay en un topic, y los escribe en columnas."""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.functions import from_json

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "pedidos")

# El conector no viene con Spark, y debe ser de su misma versión.
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)

spark = (
    SparkSession.builder.appName("ejercicio-kafka")
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

# %% Pedidos
textos = mensajes.selectExpr("CAST(value AS STRING) AS texto")
pedido = from_json("texto", "libro STRING, precio DOUBLE")
pedidos = textos.select(pedido.alias("pedido")).select("pedido.*")

# %% Consulta
consulta = (
    pedidos.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

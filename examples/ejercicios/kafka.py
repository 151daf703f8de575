"""Lee los pedidos de libros que hay en un topic, y los escribe en columnas.

Cada mensaje es un JSON, con un libro y su precio.
"""

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
# Completa: todos los mensajes de TOPIC, desde el primero.
mensajes = ...

# %% Pedidos
# Completa: el mensaje como texto, y su JSON en las columnas libro y precio.
pedidos = ...

# %% Consulta
consulta = (
    pedidos.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

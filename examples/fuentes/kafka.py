"""Cuenta las palabras que llegan a un topic de Kafka.

El topic se queda en Kafka: la segunda vez no hace falta crearlo.

Terminal 1:
    $ kafka-topics.sh --bootstrap-server localhost:9092 --create --topic frases
    Created topic frases.

Terminal 2:
    $ python examples/fuentes/kafka.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    $ echo 'el mar y el sol' | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic frases

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |    mar|    1|
    |     el|    2|
    |      y|    1|
    |    sol|    1|
    +-------+-----+
"""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "frases")

# El conector no viene con Spark, y debe ser de su misma versión.
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)

spark = (
    SparkSession.builder.appName("kafka")
    .config("spark.jars.packages", CONECTOR)
    .config("spark.sql.shuffle.partitions", 2)
    .getOrCreate()
)

# %% Fuente
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("subscribe", TOPIC)
    .load()
)

# %% Recuento
lineas = mensajes.selectExpr("CAST(value AS STRING) AS linea")
palabras = lineas.select(explode(split("linea", " ")).alias("palabra"))
recuento = palabras.groupBy("palabra").count()

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

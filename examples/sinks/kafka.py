r"""Lleva a un topic de Kafka las líneas de los ficheros de una carpeta.

Terminal 1:
    $ kafka-topics.sh --bootstrap-server localhost:9092 --create --topic avisos
    Created topic avisos.
    $ mkdir entrada
    $ printf 'puerta abierta\nluz encendida\n' > entrada/uno.txt
    $ python examples/sinks/kafka.py 2> registro.txt
    $ kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic avisos --from-beginning --max-messages 2 2> registro.txt
    puerta abierta
    luz encendida
"""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession

BROKERS = os.environ.get("BROKERS", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "avisos")
ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-avisos")

CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)

spark = (
    SparkSession.builder.appName("sink-kafka")
    .config("spark.jars.packages", CONECTOR)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
avisos = spark.readStream.text(ENTRADA)

# %% Consulta
consulta = (
    avisos.writeStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKERS)
    .option("topic", TOPIC)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

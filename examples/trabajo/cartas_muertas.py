r"""Separa los mensajes que cumplen el contrato de los que no, y de estos dice por qué.

Los topics se quedan en Kafka. Para empezar de cero en la misma carpeta: rm -r checkpoint-cartas

Terminal 1:
    $ printf '{"id": 1, "producto": "pan", "unidades": 2}\npan 2\n' | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic pedidos-json
    $ python examples/trabajo/cartas_muertas.py 2> registro.txt
    $ kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic pedidos-buenos --from-beginning --max-messages 1 2> registro.txt
    {"id": 1, "producto": "pan", "unidades": 2}
    $ kafka-console-consumer.sh --bootstrap-server localhost:9092 --topic pedidos-muertos --from-beginning --max-messages 1 2> registro.txt
    pan 2
"""

# %% Sesión
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "pedidos-json")
BUENOS = os.environ.get("BUENOS", "pedidos-buenos")
MUERTOS = os.environ.get("MUERTOS", "pedidos-muertos")

# Los dos deben ser de la misma versión que Spark.
PAQUETES = ("spark-sql-kafka-0-10_2.13", "spark-avro_2.13")

spark = (
    SparkSession.builder.appName("cartas-muertas")
    .config(
        "spark.jars.packages",
        ",".join(
            f"org.apache.spark:{paquete}:{pyspark.__version__}"
            for paquete in PAQUETES
        ),
    )
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Contrato
CONTRATO = "id INT, producto STRING, unidades INT, malo STRING"
MALO = {"columnNameOfCorruptRecord": "malo"}


def leer(mensajes):
    """Añade el texto, y el pedido que hay en él."""
    con_texto = mensajes.withColumn(
        "texto", F.col("value").cast("string")
    )
    pedido = F.from_json("texto", CONTRATO, MALO)
    return con_texto.withColumn("pedido", pedido)


# %% Motivo
motivo = F.expr("""CASE
    WHEN value IS NULL THEN 'no trae nada'
    WHEN NOT is_valid_utf8(texto) THEN 'no es UTF-8'
    WHEN pedido IS NULL THEN 'está en blanco'
    WHEN json_array_length('[' || texto || ']') IS DISTINCT FROM 1
        THEN 'no es un solo JSON'
    WHEN pedido.malo IS NOT NULL THEN 'no es lo acordado'
    WHEN pedido.id IS NULL THEN 'le falta el id'
    WHEN pedido.producto IS NULL THEN 'le falta el producto'
    WHEN pedido.unidades IS NULL THEN 'le faltan las unidades'
END""")


# %% Cabeceras
def cabecera(nombre, valor):
    return F.struct(
        F.lit(nombre).alias("key"), valor.cast("binary").alias("value")
    )


origen = F.concat_ws("/", "topic", "partition", "offset")
cabeceras = F.array(
    cabecera("motivo", motivo),
    cabecera("origen", origen),
).alias("headers")


# %% Repartir
def enviar(tabla, topic):
    (
        tabla.write.format("kafka")
        .option("kafka.bootstrap.servers", BROKER)
        .option("topic", topic)
        .save()
    )


def repartir(tabla, numero):
    # Se usa dos veces, y así se lee una.
    tabla.persist()
    buenos = tabla.where(motivo.isNull())
    enviar(buenos.select("key", "value"), BUENOS)
    muertos = tabla.where(motivo.isNotNull())
    enviar(muertos.select("key", "value", cabeceras), MUERTOS)
    tabla.unpersist()


# %% Consulta
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("subscribe", TOPIC)
    .option("startingOffsets", "earliest")
    .load()
)
consulta = (
    leer(mensajes)
    .writeStream.foreachBatch(repartir)
    .option("checkpointLocation", "checkpoint-cartas")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

r"""Lee mensajes de Avro que llevan delante los cinco bytes de un registro de esquemas.

Se envían a mano: cinco bytes con el número del esquema, y detrás, los datos.
El topic se queda en Kafka. Para empezar de cero en la misma carpeta: rm -r checkpoint-registro

Terminal 1:
    $ printf '\000\000\000\000\007\002\006pan\004\n' | kafka-console-producer.sh --bootstrap-server localhost:9092 --topic pedidos-avro
    $ python examples/trabajo/con_registro.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-------+---+--------+----+--------+
    |esquema|id |producto|pais|unidades|
    +-------+---+--------+----+--------+
    |7      |1  |pan     |ES  |2       |
    +-------+---+--------+----+--------+
"""

# %% Sesión
import json
import os

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql.avro.functions import from_avro

BROKER = os.environ.get("BROKER", "localhost:9092")
TOPIC = os.environ.get("TOPIC", "pedidos-avro")

# Los dos deben ser de la misma versión que Spark.
PAQUETES = ("spark-sql-kafka-0-10_2.13", "spark-avro_2.13")

spark = (
    SparkSession.builder.appName("con-registro")
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


# %% Esquemas
def esquema(*campos):
    return json.dumps(
        {"type": "record", "name": "Pedido", "fields": list(campos)}
    )


ID = {"name": "id", "type": "long"}
PRODUCTO = {"name": "producto", "type": "string"}
PAIS = {"name": "pais", "type": "string", "default": "ES"}
UNIDADES = {"name": "unidades", "type": "int"}

V1 = esquema(ID, PRODUCTO, UNIDADES)
V2 = esquema(ID, PRODUCTO, PAIS, UNIDADES)

# El número que les ha dado el registro.
ESQUEMAS = {7: V1, 8: V2}

# %% Leer
# Lo que no empieza por un cero no es de un registro.
es_suyo = F.expr("substring(value, 1, 1) = X'00'")
cuatro = "hex(substring(value, 2, 4))"
numero = F.expr(f"CAST(conv({cuatro}, 16, 10) AS INT)")
datos = F.expr("substring(value, 6)")


def pedido(lector):
    """Cada mensaje, con el esquema con que se escribió, según «lector»."""
    # El que no se entienda sale vacío: que no muera la consulta.
    opciones = {"avroSchema": lector, "mode": "PERMISSIVE"}
    return F.coalesce(
        *(
            F.when(
                es_suyo & (numero == cual),
                from_avro(datos, escritor, opciones),
            )
            for cual, escritor in ESQUEMAS.items()
        )
    )


# %% Consulta
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", BROKER)
    .option("subscribe", TOPIC)
    .option("startingOffsets", "earliest")
    .load()
)
consulta = (
    mensajes.select(numero.alias("esquema"), pedido(V2).alias("pedido"))
    .select("esquema", "pedido.*")
    .writeStream.format("console")
    .option("truncate", False)
    .option("checkpointLocation", "checkpoint-registro")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Cuenta cuántas veces se ha pedido cada producto, y guarda la cuenta.

Parado y arrancado otra vez, sigue donde se quedó.
Para empezar de cero en la misma carpeta: rm -r checkpoint entrada

Terminal 1:
    $ mkdir entrada

Terminal 2:
    $ python examples/transformaciones/con_estado.py 2> registro.txt

Terminal 1:
    $ echo 'café tostada café' > nuevo; mv nuevo entrada/1.txt

Terminal 2:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +--------+-----+
    |producto|count|
    +--------+-----+
    |    café|    2|
    | tostada|    1|
    +--------+-----+

    ^C

Terminal 1:
    $ echo 'café' > nuevo; mv nuevo entrada/2.txt

Terminal 2:
    $ python examples/transformaciones/con_estado.py 2> registro.txt
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +--------+-----+
    |producto|count|
    +--------+-----+
    |    café|    3|
    +--------+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = (
    SparkSession.builder.appName("con-estado")
    # Una sola partición: todo el estado, en un solo sitio.
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Recuento
lineas = spark.readStream.format("text").load(ENTRADA)
pedidos = lineas.select(explode(split("value", " ")).alias("producto"))
recuento = pedidos.groupBy("producto").count()

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("update")
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Cuenta cuántas veces se ha pedido cada producto, y guarda la cuenta.

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/transformaciones/con_estado.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > café tostada café

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +--------+-----+
    |producto|count|
    +--------+-----+
    |    café|    2|
    | tostada|    1|
    +--------+-----+

Terminal 1:
    > café

Terminal 2:
    -------------------------------------------
    Batch: 2
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

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
PUNTO = os.environ.get("PUNTO", "punto-de-control")

spark = (
    SparkSession.builder.appName("con-estado")
    # Una sola partición: todo el estado, en un solo sitio.
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Recuento
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)
pedidos = lineas.select(explode(split("value", " ")).alias("producto"))
recuento = pedidos.groupBy("producto").count()

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("update")
    .option("checkpointLocation", PUNTO)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

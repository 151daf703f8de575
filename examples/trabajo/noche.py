"""Enseña los pedidos que no había enseñado, y acaba: para ejecutarlo cada noche.

Para empezar de cero en la misma carpeta: rm -r checkpoint-noche pedidos

Terminal 1:
    $ mkdir pedidos
    $ echo pan > pedidos/1.txt
    $ python examples/trabajo/noche.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |value|
    +-----+
    |  pan|
    +-----+
    $ python examples/trabajo/noche.py 2> registro.txt
    $ echo $?
    0
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "pedidos")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-noche")

spark = (
    SparkSession.builder.appName("noche")
    # Acaba solo: nadie va a mirar su web.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Consulta
consulta = (
    spark.readStream.text(ENTRADA)
    .writeStream.format("console")
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

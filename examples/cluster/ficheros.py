"""Cuenta las palabras de los ficheros que van llegando a una carpeta.

Arrancado otra vez, sigue donde estaba.
Para empezar de cero en la misma carpeta: rm -r checkpoint entrada

Terminal 1:
    $ mkdir entrada
    $ echo 'el mar y el sol' > entrada/uno.txt
    $ python examples/cluster/ficheros.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |    mar|    1|
    |     el|    2|
    |      y|    1|
    |    sol|    1|
    +-------+-----+

Terminal 2:
    $ echo 'el sol y la arena' > nuevo.txt
    $ mv nuevo.txt entrada/dos.txt

Terminal 1:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |    mar|    1|
    |  arena|    1|
    |     el|    3|
    |      y|    2|
    |    sol|    2|
    |     la|    1|
    +-------+-----+
"""

# %% Programa
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

# En un clúster, las dos en un disco que vean todas las máquinas.
ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = (
    SparkSession.builder.appName("palabras-de-ficheros")
    # Pocas palabras: bastan pocas particiones.
    .config("spark.sql.shuffle.partitions", 2)
    .getOrCreate()
)
lineas = spark.readStream.text(ENTRADA)
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
recuento = palabras.groupBy("palabra").count()
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

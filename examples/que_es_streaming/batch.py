"""Cuenta de una vez las palabras de todos los ficheros de una carpeta.

Terminal 1:
    $ mkdir entrada
    $ echo 'el mar y el sol' > entrada/1.txt
    $ echo 'el sol y la arena' > entrada/2.txt
    $ python examples/que_es_streaming/batch.py 2> registro.txt
    +-------+-----+
    |palabra|count|
    +-------+-----+
    |     el|    3|
    |    sol|    2|
    |      y|    2|
    |  arena|    1|
    |     la|    1|
    |    mar|    1|
    +-------+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import desc, explode, split

CARPETA = os.environ.get("CARPETA", "entrada")

spark = (
    SparkSession.builder.appName("batch")
    # Pocas palabras: basta una partición.
    .config("spark.sql.shuffle.partitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
lineas = spark.read.text(CARPETA)

# %% Transformación
palabras = lineas.select(explode(split("value", " ")).alias("palabra"))
recuento = (
    palabras.groupBy("palabra")
    .count()
    .orderBy(desc("count"), "palabra")
)

# %% Resultado
recuento.show()

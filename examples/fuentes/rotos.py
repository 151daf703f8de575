"""Lee los ficheros Parquet de una carpeta, y se salta los que no lo son.

Terminal 1:
    $ mkdir entrada
    $ echo 'esto no es Parquet' > entrada/roto.parquet
    $ python examples/fuentes/rotos.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +---+--------+--------+
    |dia|producto|unidades|
    +---+--------+--------+
    +---+--------+--------+
    $ grep 'corrupted file' registro.txt | grep -o '[a-z]*\\.parquet'
    roto.parquet
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("rotos")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.format("parquet")
    .schema("dia STRING, producto STRING, unidades INT")
    # El nombre de lo que se salta solo sale en el registro.
    .option("ignoreCorruptFiles", True)
    .load(ENTRADA)
)

# %% Consulta
consulta = (
    ventas.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)

# %% Espera
consulta.awaitTermination()

"""Enseña en la consola cada micro-batch, con las filas y el ancho que digas.

Terminal 1:
    $ mkdir entrada
    $ printf 'uno\\ndos\\nuna línea que no cabe en veinte letras\\n' > entrada/uno.txt
    $ FILAS=2 python examples/sinks/consola.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |value|
    +-----+
    |uno  |
    |dos  |
    +-----+
    only showing top 2 rows
    $ FILAS=3 RECORTAR=true python examples/sinks/consola.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +--------------------+
    |               value|
    +--------------------+
    |                 uno|
    |                 dos|
    |una línea que no ...|
    +--------------------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
FILAS = int(os.environ.get("FILAS", "20"))
RECORTAR = os.environ.get("RECORTAR", "false")

spark = (
    SparkSession.builder.appName("consola")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Consulta
consulta = (
    spark.readStream.text(ENTRADA)
    .writeStream.format("console")
    .option("numRows", FILAS)
    .option("truncate", RECORTAR)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

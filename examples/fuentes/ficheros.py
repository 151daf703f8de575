"""Lee los ficheros CSV que van apareciendo en una carpeta.

Terminal 1:
    $ mkdir entrada
    $ printf 'lunes;pan;2\\nlunes;leche;1\\n' > parte.csv
    $ mv parte.csv entrada/lunes.csv

Terminal 2:
    $ python examples/fuentes/ficheros.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+--------+--------+
    |  dia|producto|unidades|
    +-----+--------+--------+
    |lunes|     pan|       2|
    |lunes|   leche|       1|
    +-----+--------+--------+

Terminal 1:
    $ echo 'martes;vino;3' > parte.csv
    $ mv parte.csv entrada/martes.csv

Terminal 2:
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +------+--------+--------+
    |   dia|producto|unidades|
    +------+--------+--------+
    |martes|    vino|       3|
    +------+--------+--------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
ESQUEMA = "dia STRING, producto STRING, unidades INT"

spark = SparkSession.builder.appName("ficheros").getOrCreate()

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    .schema(ESQUEMA)
    .option("sep", ";")
    .load(ENTRADA)
)

# %% Consulta
consulta = ventas.writeStream.format("console").start()

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

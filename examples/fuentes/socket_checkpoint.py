"""Lee líneas de un socket y apunta en un checkpoint hasta dónde ha llegado.

Con el checkpoint usado no vuelve a arrancar.
Para empezar de cero en la misma carpeta: rm -r checkpoint

Terminal 1:
    $ nc -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/fuentes/socket_checkpoint.py 2> registro.txt
    ...
    Batch: 0
    ...

Terminal 1:
    > primera

Terminal 2:
    ...
    Batch: 1
    -------------------------------------------
    +-------+
    |  value|
    +-------+
    |primera|
    +-------+

Terminal 1:
    > el año

Terminal 2:
    ...
    Batch: 2
    ...
    |el año|
    ...

Terminal 2:
    ^C
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = SparkSession.builder.appName("socket").getOrCreate()

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)

# %% Consulta
consulta = (
    lineas.writeStream.format("console")
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

"""Procesa los ficheros que hay en una carpeta, de uno en uno, y termina.

Terminal 1:
    $ mkdir entrada
    $ echo café > entrada/1.txt
    $ echo zumo > entrada/2.txt
    $ python examples/triggers/triggers.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |value|
    +-----+
    | café|
    +-----+
    -------------------------------------------
    Batch: 1
    -------------------------------------------
    +-----+
    |value|
    +-----+
    | zumo|
    +-----+
    batch 0: 1 filas, empieza ..., tarda ... ms
    batch 1: 1 filas, empieza ..., tarda ... ms
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName("triggers").getOrCreate()

# %% Fuente
pedidos = (
    spark.readStream.format("text")
    # Como mucho, un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)


# %% Resumen
def resumen(consulta):
    """Cuándo empezó cada micro-batch, con cuántas filas y lo que tardó."""
    for dato in consulta.recentProgress:
        if "addBatch" not in dato["durationMs"]:
            continue  # La consulta estaba parada, esperando ficheros.
        print(
            f"batch {dato['batchId']}: {dato['numInputRows']} filas,"
            f" empieza {dato['timestamp']},"
            f" tarda {dato['durationMs']['triggerExecution']} ms"
        )


# %% Consulta
consulta = (
    pedidos.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Final
resumen(consulta)

"""Anota, batch a batch, la tabla de entrada y la tabla de resultados.

Terminal 1:
    $ ncat -lk 127.0.0.1 9999

Terminal 2:
    $ python examples/tabla_sin_fin/tabla_sin_fin.py 2> registro.txt
    Batch 0: 0 palabras distintas

Terminal 1:
    > el mar y el sol

Terminal 2:
    Batch 1: 4 palabras distintas

Terminal 1:
    > el sol y la arena

Terminal 2:
    Batch 2: 6 palabras distintas
"""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import explode, split

HOST = os.environ.get("HOST", "localhost")
PUERTO = int(os.environ.get("PUERTO", "9999"))

spark = (
    SparkSession.builder.appName("tabla-sin-fin")
    # Pocas palabras: basta una partición.
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("socket")
    .option("host", HOST)
    .option("port", PUERTO)
    .load()
)


# %% Transformación
def contar(lineas):
    """Las palabras de una tabla de líneas, cada una con su cuenta."""
    palabras = lineas.select(
        explode(split("value", " ")).alias("palabra")
    )
    return palabras.groupBy("palabra").count()


recuento = contar(lineas)

# %% Anotar
entrada = []
resultado = []


def anotar_entrada(nuevas, batch):
    """Las filas que este micro-batch añade a la tabla de entrada."""
    for fila in nuevas.collect():
        entrada.append((batch, fila["value"]))


def anotar_resultado(tabla, batch):
    """La tabla de resultados, entera, tras este micro-batch."""
    filas = tabla.collect()
    for fila in filas:
        resultado.append((batch, fila["palabra"], fila["count"]))
    print(f"Batch {batch}: {len(filas)} palabras distintas", flush=True)


# %% Consultas
consulta_entrada = lineas.writeStream.foreachBatch(
    anotar_entrada
).start()
consulta = (
    recuento.writeStream.foreachBatch(anotar_resultado)
    .outputMode("complete")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
consulta.awaitTermination()

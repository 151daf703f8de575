"""Separa las filas de un CSV que se entienden de las que no.

Apunta en la carpeta checkpoint-filas lo que ya ha separado: bórrala para empezar de cero.

Terminal 1:
    $ mkdir entrada
    $ printf 'lunes;pan;2\\nlunes;leche;dos\\nmartes;agua\\n' > entrada/mezcla.csv
    $ python examples/fuentes/filas_malas.py 2> registro.txt
    Batch 0. Buenas:
    +-----+--------+--------+
    |dia  |producto|unidades|
    +-----+--------+--------+
    |lunes|pan     |2       |
    +-----+--------+--------+
    Malas:
    +---------------+----------+
    |linea          |fichero   |
    +---------------+----------+
    |lunes;leche;dos|mezcla.csv|
    |martes;agua    |mezcla.csv|
    +---------------+----------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-filas")

spark = (
    SparkSession.builder.appName("filas-malas")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
ventas = (
    spark.readStream.format("csv")
    # La última columna no está en el fichero: recoge lo que no se entiende.
    .schema("dia STRING, producto STRING, unidades INT, linea STRING")
    .option("columnNameOfCorruptRecord", "linea")
    .option("sep", ";")
    .load(ENTRADA)
    .selectExpr("*", "_metadata.file_name AS fichero")
)


# %% Separar
def separar(filas, batch):
    """Enseña por un lado las filas que se entienden y por otro las demás."""
    filas.persist()
    buenas = filas.where("linea IS NULL")
    malas = filas.where("linea IS NOT NULL")

    print(f"Batch {batch}. Buenas:")
    buenas.select("dia", "producto", "unidades").show(truncate=False)
    print("Malas:")
    malas.select("linea", "fichero").show(truncate=False)
    filas.unpersist()


# %% Consulta
consulta = (
    ventas.writeStream.foreachBatch(separar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)

# %% Espera
consulta.awaitTermination()

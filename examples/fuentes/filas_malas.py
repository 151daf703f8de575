"""Separa las filas de un CSV que se entienden de las que no.

Terminal 1:
    $ mkdir entrada
    $ printf 'lunes;pan;2\\nlunes;leche;dos\\nmartes;agua\\n' > entrada/mezcla.csv
    $ python examples/fuentes/filas_malas.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+--------+--------+
    |dia  |producto|unidades|
    +-----+--------+--------+
    |lunes|pan     |2       |
    +-----+--------+--------+
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +------+--------+--------+---------------+----------+
    |dia   |producto|unidades|linea          |fichero   |
    +------+--------+--------+---------------+----------+
    |lunes |leche   |NULL    |lunes;leche;dos|mezcla.csv|
    |martes|agua    |NULL    |martes;agua    |mezcla.csv|
    +------+--------+--------+---------------+----------+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

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
)

# %% Separar
buenas = ventas.where("linea IS NULL").drop("linea")
malas = ventas.where("linea IS NOT NULL").selectExpr(
    "*", "_metadata.file_name AS fichero"
)

# %% Consultas
for filas in buenas, malas:
    consulta = (
        filas.writeStream.format("console")
        .option("truncate", False)
        .trigger(availableNow=True)
        .start()
    )
    consulta.awaitTermination()

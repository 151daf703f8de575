r"""Escribe la misma consulta en cuatro destinos.

Para empezar de cero en la misma carpeta: rm -r salida checkpoint entrada

Terminal 1:
    $ mkdir entrada
    $ printf 'patio 31\nsala 22\nsotano 14\n' > entrada/uno.txt
    $ python examples/sinks/destinos.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +--------+
    |   aviso|
    +--------+
    |patio 31|
    | sala 22|
    +--------+
    +--------+
    |   aviso|
    +--------+
    |patio 31|
    | sala 22|
    +--------+
    +--------+
    |   aviso|
    +--------+
    |patio 31|
    | sala 22|
    +--------+
    micro-batch 0: patio 31, sala 22
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

spark = (
    SparkSession.builder.appName("destinos")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Consulta
avisos = (
    spark.readStream.text(ENTRADA)
    .where(r"regexp_extract(value, '(\\d+)$', 1) > 20")
    .withColumnRenamed("value", "aviso")
)

# %% Consola
consulta = (
    avisos.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Memoria
consulta = (
    avisos.writeStream.format("memory")
    .queryName("avisos")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()
spark.sql("SELECT * FROM avisos").show()

# %% Ficheros
consulta = (
    avisos.writeStream.format("parquet")
    .option("path", SALIDA)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()
spark.read.parquet(SALIDA).show()


# %% Lo que tú quieras
def avisar(tabla, numero):
    """Aquí podría haber una base de datos, o un correo."""
    textos = [fila.aviso for fila in tabla.collect()]
    print(f"micro-batch {numero}:", ", ".join(textos))


consulta = (
    avisos.writeStream.foreachBatch(avisar)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Cuenta las palabras de los ficheros según llegan, con SQL.

Cada vez que se ejecuta lee solo los ficheros que aún no había leído: están apuntados
en la carpeta checkpoint-sql. Bórrala para empezar de cero.

Terminal 1:
    $ mkdir entrada
    $ echo 'el mar y el sol' > entrada/1.txt
    $ echo 'el sol y la arena' > entrada/2.txt
    $ python examples/que_es_streaming/sql.py 2> registro.txt
    ...
    -------------------------------------------
    Batch: 1
    -------------------------------------------
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

CARPETA = os.environ.get("CARPETA", "entrada")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-sql")

spark = (
    SparkSession.builder.appName("sql")
    # Pocas palabras: basta una partición.
    .config("spark.sql.shuffle.partitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Fuente
lineas = (
    spark.readStream.format("text")
    # Un fichero cada vez, para ver crecer la cuenta.
    .option("maxFilesPerTrigger", 1)
    .load(CARPETA)
)
lineas.createOrReplaceTempView("lineas")

# %% SQL
recuento = spark.sql("""
    SELECT palabra, count(*) AS count
    FROM (
        SELECT explode(split(value, ' ')) AS palabra
        FROM lineas
    )
    GROUP BY palabra
    ORDER BY count DESC, palabra
""")

# %% Consulta
consulta = (
    recuento.writeStream.format("console")
    .outputMode("complete")
    .option("checkpointLocation", CHECKPOINT)
    # Lo que haya ahora, y terminar.
    .trigger(availableNow=True)
    .start()
)

# %% Espera
consulta.awaitTermination()

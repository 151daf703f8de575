"""Guarda un recuento en una tabla en memoria y la consulta con SQL.

Terminal 1:
    $ mkdir entrada
    $ printf 'sol\\nmar\\nsol\\n' > entrada/uno.txt
    $ python examples/sinks/memoria.py 2> registro.txt
    +-----+-----+
    |value|count|
    +-----+-----+
    |  mar|    1|
    |  sol|    2|
    +-----+-----+
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("memoria")
    .config("spark.sql.shuffle.partitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Consulta
recuento = spark.readStream.text(ENTRADA).groupBy("value").count()
consulta = (
    recuento.writeStream.format("memory")
    .queryName("recuento")
    .outputMode("complete")
    .start()
)
consulta.processAllAvailable()

# %% SQL
spark.sql("SELECT * FROM recuento ORDER BY value").show()

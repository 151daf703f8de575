"""Corrige en una tabla de Delta las existencias de un almacén: lo repetido no cuenta dos veces.

Para empezar de cero en la misma carpeta: rm -r checkpoint-existencias existencias movimientos

Terminal 1:
    $ mkdir movimientos
    $ printf 'pan;10\\nvino;4\\n' > movimientos/1.csv
    $ python examples/trabajo/existencias.py 2> registro.txt
    +--------+--------+
    |producto|unidades|
    +--------+--------+
    |     pan|      10|
    |    vino|       4|
    +--------+--------+
    $ printf 'pan;-3\\nsal;5\\n' > movimientos/2.csv
    $ python examples/trabajo/existencias.py 2> registro.txt
    +--------+--------+
    |producto|unidades|
    +--------+--------+
    |     pan|       7|
    |     sal|       5|
    |    vino|       4|
    +--------+--------+
    $ rm checkpoint-existencias/commits/1 checkpoint-existencias/commits/.1.crc
    $ python examples/trabajo/existencias.py 2> registro.txt
    +--------+--------+
    |producto|unidades|
    +--------+--------+
    |     pan|       7|
    |     sal|       5|
    |    vino|       4|
    +--------+--------+
"""

# %% Sesión
import os
from pathlib import Path

from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

ENTRADA = os.environ.get("ENTRADA", "movimientos")
TABLA = Path(os.environ.get("TABLA", "existencias")).resolve()
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-existencias")

spark = (
    SparkSession.builder.appName("existencias")
    # Para Spark 4.2: con otro, cambia ese número del nombre.
    .config(
        "spark.jars.packages", "io.delta:delta-spark_4.2_2.13:4.4.0"
    )
    .config(
        "spark.sql.extensions",
        "io.delta.sql.DeltaSparkSessionExtension",
    )
    .config(
        "spark.sql.catalog.spark_catalog",
        "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    )
    # Son pocas filas y pocos apuntes: no hace falta repartirlos.
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.databricks.delta.snapshotPartitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Tabla
COLUMNAS = StructType.fromDDL("producto STRING, unidades BIGINT")

# Si ya está en esa carpeta, es la que hay.
spark.catalog.createTable(
    "existencias",
    path=str(TABLA),
    source="delta",
    schema=COLUMNAS,
    **{"delta.enableChangeDataFeed": "true"},
)

# %% Movimientos
movimientos = (
    spark.readStream.schema("producto STRING, unidades INT")
    .option("sep", ";")
    .option("maxFilesPerTrigger", 1)
    .csv(ENTRADA)
)

# %% Sumar
MERGE = """
MERGE INTO existencias AS e
USING {sumas} AS s
ON e.producto = s.producto
WHEN MATCHED THEN UPDATE SET unidades = e.unidades + s.unidades
WHEN NOT MATCHED THEN INSERT *
"""
ESCRITURA = "spark.databricks.delta.write"


def sumar(tabla, numero):
    """Suma el micro-batch en la tabla, salvo que ya esté."""
    # Cada consulta tiene su sesión: lo que se pone en ella es solo suyo.
    sesion = tabla.sparkSession
    consulta = sesion.sparkContext.getLocalProperty(
        "sql.streaming.queryId"
    )
    sesion.conf.set(f"{ESCRITURA}.txnAppId", consulta)
    sesion.conf.set(f"{ESCRITURA}.txnVersion", numero)
    # MERGE no admite dos filas para la misma: una por producto.
    sumas = tabla.groupBy("producto").agg({"unidades": "sum"})
    sesion.sql(MERGE, sumas=sumas.toDF("producto", "unidades"))


# %% Consulta
consulta = (
    movimientos.writeStream.foreachBatch(sumar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Ver
spark.table("existencias").orderBy("producto").show()

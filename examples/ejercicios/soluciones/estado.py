"""Solución: quita los pagos de un aparcamiento que se envían otra vez."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-estado")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
pagos = (
    spark.readStream.format("csv")
    .schema("hora TIMESTAMP, ticket STRING, euros DOUBLE")
    # Un fichero por micro-batch.
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Sin repetir
sin_repetir = pagos.withWatermark(
    "hora", "10 minutes"
).dropDuplicatesWithinWatermark(["ticket"])
tabla = sin_repetir.select(
    date_format("hora", "HH:mm:ss").alias("hora"), "ticket", "euros"
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

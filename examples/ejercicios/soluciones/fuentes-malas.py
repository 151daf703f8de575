"""Solución: aparta las líneas que no se entienden de los JSON de una carpeta."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName(
    "ejercicio-fuentes-malas"
).getOrCreate()

# %% Fuente
lecturas = (
    spark.readStream.format("json")
    .schema("estacion STRING, grados DOUBLE, lluvia INT, linea STRING")
    .option("columnNameOfCorruptRecord", "linea")
    .load(ENTRADA)
)

# %% Malas
malas = lecturas.where("linea IS NOT NULL").selectExpr(
    "_metadata.file_name AS fichero", "*"
)

# %% Consulta
consulta = (
    malas.writeStream.format("console")
    .option("truncate", False)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

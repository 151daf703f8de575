"""Solución: dice cuánto se paga por bizum cada tres minutos."""

# %% Sesión
import os

from pyspark.sql import SparkSession
from pyspark.sql.functions import avg, count, date_format, window
from pyspark.sql.functions import max as mayor
from pyspark.sql.functions import min as menor

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = (
    SparkSession.builder.appName("ejercicio-ventanas-bizum")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Fuente
pagos = (
    spark.readStream.format("csv")
    .schema("hora TIMESTAMP, persona STRING, euros DOUBLE")
    .option("maxFilesPerTrigger", 1)
    .load(ENTRADA)
)

# %% Ventana
por_ventana = (
    pagos.withWatermark("hora", "30 seconds")
    .groupBy(window("hora", "3 minutes"))
    .agg(
        avg("euros").alias("media"),
        mayor("euros").alias("maximo"),
        menor("euros").alias("minimo"),
        count("*").alias("pagos"),
    )
)
tabla = por_ventana.select(
    date_format("window.start", "HH:mm").alias("desde"),
    date_format("window.end", "HH:mm").alias("hasta"),
    "media",
    "maximo",
    "minimo",
    "pagos",
)

# %% Consulta
consulta = (
    tabla.writeStream.format("console")
    .outputMode("append")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

"""Quita los pagos de un aparcamiento que el cajero envía otra vez.

Un reenvío tiene el mismo ticket y otra hora. Los números de ticket se
usan otra vez, horas después, y entonces es otro pago.
"""

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
# Completa: espera 10 minutos a lo que llega con retraso, y quita los
# tickets que se repiten dentro de esa espera.
sin_repetir = ...
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

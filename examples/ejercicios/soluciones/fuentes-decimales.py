"""Solución: lee ventas con fechas y precios como se escriben aquí."""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName(
    "ejercicio-decimales"
).getOrCreate()

# %% Fuente
# Son como 02/03/2026;silla;003;1.249,90
ventas = (
    spark.readStream.format("csv")
    .schema(
        "fecha DATE, producto STRING, unidades INT, precio DECIMAL(6,2)"
    )
    .option("sep", ";")
    .option("dateFormat", "dd/MM/yyyy")
    .option("locale", "es-ES")
    .load(ENTRADA)
)

# %% Importe
importes = ventas.selectExpr("*", "unidades * precio AS importe")

# %% Consulta
consulta = (
    importes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

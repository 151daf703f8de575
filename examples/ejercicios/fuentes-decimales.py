"""Lee ventas de una carpeta de CSV y calcula su importe.

Cámbialo: ahora son 02/03/2026;silla;003;1.249,90, y el 2 de marzo se ha de
escribir 2026-03-02.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName(
    "ejercicio-decimales"
).getOrCreate()

# %% Fuente
# Son como 2026-03-02,silla,003,1249.90
ventas = (
    spark.readStream.format("csv")
    .schema(
        "fecha DATE, producto STRING, unidades INT, precio DECIMAL(6,2)"
    )
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

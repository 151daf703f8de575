"""Lee los CSV de una carpeta y calcula el importe de las ventas grandes.

Los ficheros no tienen cabecera. Sus campos, separados por punto y coma,
son producto, unidades (un entero) y precio. Los ceros de delante no
cuentan: 008 son 8 unidades.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName("ejercicio-fuentes").getOrCreate()

# %% Fuente
# Completa: el formato, los nombres y tipos, el separador y la carpeta.
ventas = ...

# %% Importe
grandes = ventas.where("unidades >= 5").selectExpr(
    "*", "unidades * precio AS importe"
)

# %% Consulta
consulta = (
    grandes.writeStream.format("console")
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

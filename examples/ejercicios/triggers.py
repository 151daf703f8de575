"""Procesa los pedidos que esperan en una carpeta, de dos en dos, y acaba.

Cada fichero es un pedido. Si son cinco, salen tres tablas.
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")

spark = SparkSession.builder.appName("ejercicio-triggers").getOrCreate()

# %% Fuente
# Completa: ficheros de texto, como mucho dos por micro-batch.
pedidos = ...

# %% Consulta
# Completa: a la consola; que procese lo que hay y termine.
consulta = ...
consulta.awaitTermination()

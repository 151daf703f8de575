"""Pasos 2, 3 y 4: de Kafka a una base de datos, sin perder ni repetir nada."""

# %% Dónde
import os
import sqlite3
from contextlib import closing

import pyspark
from pyspark.sql import SparkSession

KAFKA = os.environ.get("KAFKA", "localhost:9092")
TEMA = os.environ.get("TEMA", "bizums")
BASE = os.environ.get("BASE", "bizums.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

TABLAS = """
CREATE TABLE IF NOT EXISTS pagos (id TEXT PRIMARY KEY, de TEXT, a TEXT,
    concepto TEXT, centimos INTEGER, momento TEXT);
CREATE TABLE IF NOT EXISTS rechazados (particion INTEGER,
    desplazamiento INTEGER, crudo BLOB,
    PRIMARY KEY (particion, desplazamiento));
CREATE TABLE IF NOT EXISTS ventanas (inicio TEXT PRIMARY KEY,
    pagos INTEGER, total INTEGER, media REAL, maximo INTEGER,
    minimo INTEGER);
CREATE TABLE IF NOT EXISTS hechos (consulta TEXT, batch INTEGER,
    PRIMARY KEY (consulta, batch));
"""
with closing(sqlite3.connect(BASE)) as bd, bd:
    bd.executescript(TABLAS)

# %% Sesión
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)
spark = (
    SparkSession.builder.appName("bizums")
    .config("spark.jars.packages", CONECTOR)
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Paso 2: limpiar
# Completa: lee TEMA desde el principio y separa lo que vale de lo que no.
...

# %% Consultas
# Completa: guarda en BASE con `foreachBatch`; el checkpoint de la
# consulta «pagos» es la carpeta «pagos» de CHECKPOINT.
...

# %% Espera
spark.streams.awaitAnyTermination()

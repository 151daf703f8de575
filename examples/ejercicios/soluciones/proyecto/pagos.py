"""Solución, pasos 2, 3 y 4: de Kafka a una base de datos, sin perder ni repetir nada."""

# %% Dónde
import os
import sqlite3
from contextlib import closing

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as f

KAFKA = os.environ.get("KAFKA", "localhost:9092")
TEMA = os.environ.get("TEMA", "bizums")
BASE = os.environ.get("BASE", "bizums.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

ESQUEMA = (
    "id STRING, de STRING, a STRING, concepto STRING, "
    "centimos BIGINT, momento TIMESTAMP"
)
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

# %% Sesión
CONECTOR = (
    f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
)
spark = (
    SparkSession.builder.appName("bizums")
    .config("spark.jars.packages", CONECTOR)
    .config("spark.sql.shuffle.partitions", 1)
    # Las horas se guardan en UTC, esté donde esté el ordenador.
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Paso 2: limpiar
mensajes = (
    spark.readStream.format("kafka")
    .option("kafka.bootstrap.servers", KAFKA)
    .option("subscribe", TEMA)
    .option("startingOffsets", "earliest")
    .load()
)

texto = f.col("value").cast("string")
leidos = mensajes.select(
    "partition",
    "offset",
    "value",
    f.is_valid_utf8(texto).alias("es_utf8"),
    f.from_json(texto, ESQUEMA).alias("pago"),
)
campos = ("id", "de", "a", "concepto", "centimos", "momento")
vale = f.col("es_utf8") & (f.col("pago.centimos") > 0)
for campo in campos:
    vale = vale & f.col(f"pago.{campo}").isNotNull()
# Lo que no se sabe si vale (NULL) no vale.
separados = leidos.withColumn("vale", f.coalesce(vale, f.lit(False)))
buenos = separados.where("vale").select("pago.*")

# %% Paso 3: ventanas
ventanas = (
    buenos.withWatermark("momento", "30 seconds")
    .dropDuplicatesWithinWatermark(["id"])
    .groupBy(f.window("momento", "3 minutes"))
    .agg(
        f.count("*").alias("pagos"),
        f.sum("centimos").alias("total"),
        f.avg("centimos").alias("media"),
        f.max("centimos").alias("maximo"),
        f.min("centimos").alias("minimo"),
    )
    .select(
        f.col("window.start").cast("string").alias("inicio"),
        *("pagos", "total", "media", "maximo", "minimo"),
    )
)


# %% Paso 4: guardar
def guardar(consulta, batch, ordenes):
    """Guarda las filas de un batch y su número: todo, o nada."""
    # La base como contexto es una transacción.
    with closing(sqlite3.connect(BASE, timeout=30)) as bd, bd:
        apuntado = bd.execute(
            "INSERT OR IGNORE INTO hechos VALUES (?, ?)",
            (consulta, batch),
        )
        if apuntado.rowcount == 0:
            return  # ya se guardó, y Spark lo repite
        for orden, filas in ordenes:
            bd.executemany(orden, filas)


def guardar_pagos(tabla, batch):
    """Los buenos a un sitio y los rechazados, tal cual, a otro."""
    momento = f.col("pago.momento").cast("string").alias("momento")
    columnas = [*(f"pago.{campo}" for campo in campos[:-1]), momento]
    tabla.persist()
    buenos = tabla.where("vale").select(columnas).collect()
    malos = (
        tabla.where("NOT vale")
        .select("partition", "offset", "value")
        .collect()
    )
    tabla.unpersist()
    guardar(
        "pagos",
        batch,
        [
            # Un identificador repetido ya está: se deja.
            (
                "INSERT OR IGNORE INTO pagos VALUES (?, ?, ?, ?, ?, ?)",
                buenos,
            ),
            ("INSERT INTO rechazados VALUES (?, ?, ?)", malos),
        ],
    )


def guardar_ventanas(tabla, batch):
    """Las ventanas que se han cerrado."""
    orden = "INSERT INTO ventanas VALUES (?, ?, ?, ?, ?, ?)"
    guardar("ventanas", batch, [(orden, tabla.collect())])


with closing(sqlite3.connect(BASE)) as bd, bd:
    bd.executescript(TABLAS)

# %% Consultas
de_pagos = (
    separados.writeStream.foreachBatch(guardar_pagos)
    .option("checkpointLocation", f"{CHECKPOINT}/pagos")
    .start()
)
de_ventanas = (
    ventanas.writeStream.foreachBatch(guardar_ventanas)
    .outputMode("append")
    .option("checkpointLocation", f"{CHECKPOINT}/ventanas")
    .start()
)

# %% Espera
import signal

# Que Control+C termine el programa sin más, y no con una página de errores.
signal.signal(signal.SIGINT, signal.SIG_DFL)
spark.streams.awaitAnyTermination()

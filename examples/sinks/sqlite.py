"""Suma ventas en SQLite, sin contar dos veces un micro-batch repetido.

Para empezar de cero en la misma carpeta: rm -r checkpoint ventas.db entrada

Terminal 1:
    $ mkdir entrada
    $ printf 'pan;2\\nvino;1\\npan;3\\n' > entrada/uno.csv
    $ CAIDA=sí python examples/sinks/sqlite.py 2> registro.txt
    Micro-batch 0: lo sumo.
    Me caigo.
    $ python examples/sinks/sqlite.py 2> registro.txt
    Micro-batch 0: ya estaba.
    pan: 5
    vino: 1
    $ rm -r checkpoint ventas.db
    $ CAIDA=sí COMPROBAR=no python examples/sinks/sqlite.py 2> registro.txt
    Micro-batch 0: lo sumo.
    Me caigo.
    $ COMPROBAR=no python examples/sinks/sqlite.py 2> registro.txt
    Micro-batch 0: lo sumo.
    pan: 10
    vino: 2
"""

# %% Sesión
import os
import sqlite3
from contextlib import closing

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "entrada")
BASE = os.environ.get("BASE", "ventas.db")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")
COMPROBAR = os.environ.get("COMPROBAR", "sí") == "sí"
CAIDA = os.environ.get("CAIDA", "no") == "sí"

spark = (
    SparkSession.builder.appName("sqlite")
    .config("spark.sql.shuffle.partitions", 1)
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Base
with closing(sqlite3.connect(BASE)) as bd, bd:
    bd.execute(
        "CREATE TABLE IF NOT EXISTS hechos (consulta TEXT, "
        "numero INTEGER, PRIMARY KEY (consulta, numero))"
    )
    bd.execute(
        "CREATE TABLE IF NOT EXISTS ventas "
        "(producto TEXT PRIMARY KEY, unidades INTEGER)"
    )


# %% Sumar
def es_nuevo(bd, numero):
    """Apunta el micro-batch, y dice si no estaba apuntado."""
    # El identificador de la consulta vive en su checkpoint: con otro
    # checkpoint, los números empiezan otra vez desde cero.
    consulta = spark.sparkContext.getLocalProperty(
        "sql.streaming.queryId"
    )
    apuntado = bd.execute(
        "INSERT OR IGNORE INTO hechos VALUES (?, ?)", (consulta, numero)
    )
    return apuntado.rowcount == 1


def sumar(tabla, numero):
    """Suma las filas en la base: todas, o ninguna si ya estaban."""
    # Ya agrupadas son pocas, y caben en este programa.
    filas = tabla.groupBy("producto").sum("unidades").collect()
    # La base como contexto es una transacción: se confirma entera al salir.
    with closing(sqlite3.connect(BASE)) as bd, bd:
        if not es_nuevo(bd, numero) and COMPROBAR:
            print(f"Micro-batch {numero}: ya estaba.", flush=True)
            return
        print(f"Micro-batch {numero}: lo sumo.", flush=True)
        bd.executemany(
            "INSERT INTO ventas VALUES (?, ?) ON CONFLICT (producto) "
            "DO UPDATE SET unidades = unidades + excluded.unidades",
            filas,
        )
    if CAIDA:
        # La base ya lo tiene, y Spark todavía no sabe que ha terminado.
        print("Me caigo.", flush=True)
        os._exit(1)


# %% Consulta
ventas = (
    spark.readStream.schema("producto STRING, unidades INT")
    .option("sep", ";")
    .csv(ENTRADA)
)
consulta = (
    ventas.writeStream.foreachBatch(sumar)
    .option("checkpointLocation", CHECKPOINT)
    .trigger(availableNow=True)
    .start()
)
consulta.awaitTermination()

# %% Resultado
with closing(sqlite3.connect(BASE)) as bd:
    for producto, unidades in bd.execute(
        "SELECT * FROM ventas ORDER BY 1"
    ):
        print(f"{producto}: {unidades}")

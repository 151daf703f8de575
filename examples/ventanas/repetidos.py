"""Quita los pagos repetidos de tres maneras, y dice qué guarda cada una.

Terminal 1:
    $ python examples/ventanas/repetidos.py 2> registro.txt
    dropDuplicates(["id"])
    ...
    dropDuplicatesWithinWatermark(["id"])
    ...
"""

# %% Sesión
import os
from pathlib import Path
from tempfile import mkdtemp

from pyspark.sql import SparkSession

ESPERA = os.environ.get("ESPERA", "10 minutes")

spark = (
    SparkSession.builder.appName("repetidos")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar su web.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Entrada
PAGOS = [
    "2026-03-02 12:00,a,3.5",
    "2026-03-02 12:30,b,12.0",
    # El mismo pago, reenviado dos minutos después.
    "2026-03-02 12:32,b,12.0",
    "2026-03-02 13:30,c,4.0",
    "2026-03-02 14:30,d,8.0",
    # El primer pago, reenviado al cabo de tres horas y media.
    "2026-03-02 15:30,a,3.5",
    # Uno nuevo, que llega muy tarde.
    "2026-03-02 12:10,e,1.0",
]

carpeta = Path(mkdtemp())
for numero, pago in enumerate(PAGOS):
    fichero = carpeta / f"{numero}.csv"
    fichero.write_text(pago + "\n")
    # Spark los lee por su fecha: que no haya dos iguales.
    os.utime(fichero, (1767225600 + numero, 1767225600 + numero))


def leer_pagos():
    """Un stream: en cada micro-batch, un pago."""
    return (
        spark.readStream.schema(
            "hora TIMESTAMP, id STRING, euros DOUBLE"
        )
        .option("maxFilesPerTrigger", 1)
        .csv(str(carpeta))
        .withWatermark("hora", ESPERA)
    )


# %% Tres maneras
def por_id(pagos):
    """dropDuplicates(["id"])"""
    return pagos.dropDuplicates(["id"])


def por_hora_e_id(pagos):
    """dropDuplicates(["hora", "id"])"""
    return pagos.dropDuplicates(["hora", "id"])


def dentro_de_la_espera(pagos):
    """dropDuplicatesWithinWatermark(["id"])"""
    return pagos.dropDuplicatesWithinWatermark(["id"])


# %% Probar
def probar(quitar):
    """Imprime, por micro-batch, qué sale y cuántas filas no salen."""
    salidas = []

    def anotar(filas, numero):
        salidas.append(" ".join(fila.id for fila in filas.collect()))

    consulta = (
        quitar(leer_pagos())
        .writeStream.foreachBatch(anotar)
        .trigger(availableNow=True)
        .start()
    )
    consulta.awaitTermination()
    print(quitar.__doc__)
    for salida, dato in zip(
        salidas, consulta.recentProgress, strict=False
    ):
        estado = dato["stateOperators"][0]
        repetidas = estado["customMetrics"]["numDroppedDuplicateRows"]
        print(
            f"    batch {dato['batchId']}: sale {salida or '-'},",
            f"guarda {estado['numRowsTotal']},",
            f"quita {repetidas},",
            f"descarta {estado['numRowsDroppedByWatermark']}",
        )


# %% Comparar
for quitar in por_id, por_hora_e_id, dentro_de_la_espera:
    probar(quitar)

# %% Fin
spark.stop()

"""Envía cada pedido a un almacén y espera su respuesta. No sabe parar: se queda a medias.

Para empezar de cero en la misma carpeta: rm -r checkpoint-envios recibido.txt pedidos respuestas

Terminal 1:
    $ mkdir pedidos
    $ echo pan > pedidos/1.txt
    $ mkfifo respuestas

Terminal 2:
    $ python examples/trabajo/envios.py 2> registro.txt
    enviado el 0

Terminal 1:
    $ cat recibido.txt
    pan

Terminal 2:
    ^C
    $ rm respuestas
"""

# %% Sesión
import os
from pathlib import Path

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "pedidos")
RECIBIDO = Path(os.environ.get("RECIBIDO", "recibido.txt"))
RESPUESTAS = Path(os.environ.get("RESPUESTAS", "respuestas"))
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-envios")

spark = (
    SparkSession.builder.appName("envios")
    # La opción que se recomienda para parar bien.
    .config("spark.streaming.stopGracefullyOnShutdown", True)
    .getOrCreate()
)


# %% Envío
def enviar(tabla, numero):
    with RECIBIDO.open("a", encoding="utf-8") as almacen:
        for fila in tabla.collect():
            print(fila.value, file=almacen)
    print("enviado el", numero, flush=True)
    # Espera a que el almacén responda con una línea.
    with RESPUESTAS.open(encoding="utf-8") as respuestas:
        respuestas.readline()
    print("confirmado el", numero, flush=True)


# %% Consulta
consulta = (
    spark.readStream.option("maxFilesPerTrigger", 1)
    .text(ENTRADA)
    .writeStream.foreachBatch(enviar)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
consulta.awaitTermination()

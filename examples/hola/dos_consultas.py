"""Vigila dos consultas a la vez, y las para en orden si una muere o si alguien lo pide.

Una de ellas apunta en una carpeta lo que lleva sumado.
Para empezar de cero en la misma carpeta: rm -r checkpoint-suma numeros

Terminal 1:
    $ mkdir numeros
    $ echo 1 > numeros/uno.txt

Terminal 2:
    $ python examples/hola/dos_consultas.py 2> registro.txt
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |total|
    +-----+
    |    1|
    +-----+

Terminal 1:
    $ echo dos > numeros/dos.txt

Terminal 2:
    suma ha muerto: [CAST_INVALID_INPUT] ...
    paro cuenta
    $ echo $?
    1
"""

# %% Sesión
import os
import signal
import sys
import threading

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "numeros")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-suma")

spark = (
    SparkSession.builder.appName("dos-consultas")
    # Pocas filas: basta una partición.
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Consultas
textos = spark.readStream.text(ENTRADA)

suma = (
    textos.selectExpr("sum(CAST(value AS INT)) AS total")
    .writeStream.format("console")
    .outputMode("complete")
    .option("checkpointLocation", CHECKPOINT)
    .queryName("suma")
    .start()
)
cuenta = (
    textos.groupBy()
    .count()
    .writeStream.format("noop")
    .outputMode("complete")
    .queryName("cuenta")
    .start()
)

# %% Señales
parar = threading.Event()
for cual in signal.SIGINT, signal.SIGTERM:
    # Solo lo apunta: aquí dentro no se llama a Spark.
    signal.signal(cual, lambda *_: parar.set())


# %% Vigilancia
def motivo(error):
    """Qué ha pasado, en una línea."""
    lineas = str(error).splitlines()
    if "Traceback" not in lineas[0]:
        return lineas[0]
    # Ha fallado una función tuya. Las líneas de su traza empiezan con
    # espacios; la primera que no, dice qué pasó.
    return next(linea for linea in lineas[1:] if linea[:1] != " ")


salida = 0
while not parar.is_set():
    try:
        if spark.streams.awaitAnyTermination(1):
            break
    except StreamingQueryException:
        salida = 1
        break

for consulta in suma, cuenta:
    if consulta.isActive:
        print("paro", consulta.name, flush=True)
        consulta.stop()
    elif consulta.exception():
        causa = motivo(consulta.exception())
        print(f"{consulta.name} ha muerto: {causa}", flush=True)

spark.stop()
sys.exit(salida)

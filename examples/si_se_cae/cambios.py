"""Cambia una consulta que ya tiene checkpoint, y compara con empezar de cero.

Terminal 1:
    $ python examples/si_se_cae/cambios.py 2> registro.txt
    ...
    sum por max
        sigue:    pera 7, uva 2
        de cero:  pera 5, uva 2  <- no coinciden
    ...
"""

# %% Sesión
import re
from pathlib import Path
from tempfile import mkdtemp

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = (
    SparkSession.builder.appName("cambios")
    .config("spark.sql.shuffle.partitions", 1)
    .config("spark.sql.session.timeZone", "UTC")
    # Acaba enseguida: no da tiempo a mirar la web de Spark.
    .config("spark.ui.enabled", False)
    .getOrCreate()
)

# %% Datos
ESQUEMA = "momento TIMESTAMP, fruta STRING, kilos LONG"
PRIMERO = """2026-03-02 12:01:00,pera,3
2026-03-02 12:06:00,pera,4
2026-03-02 12:08:00,uva,2
"""
SEGUNDO = "2026-03-02 12:09:00,pera,5\n"


# %% Suma
def suma(ventas):
    """la misma"""
    return ventas.groupBy("fruta").agg(F.sum("kilos"))


# %% Valen
def suma_con_nombre(ventas):
    """otro nombre para la suma"""
    return ventas.groupBy("fruta").agg(F.sum("kilos").alias("total"))


def suma_en_gramos(ventas):
    """una columna calculada después de sumar"""
    return suma(ventas).select("fruta", F.col("sum(kilos)") * 1000)


def suma_grande(ventas):
    """un filtro después de sumar, por la suma"""
    return suma(ventas).where(F.col("sum(kilos)") > 5)


# %% Se niega
def suma_y_cuenta(ventas):
    """una cuenta más"""
    return ventas.groupBy("fruta").agg(F.sum("kilos"), F.count("*"))


def suma_por_hora(ventas):
    """una clave más"""
    hora = F.hour("momento")
    return ventas.groupBy("fruta", hora).agg(F.sum("kilos"))


def suma_entera(ventas):
    """sum por max, y de LONG a INT"""
    kilos = F.col("kilos").cast("int")
    return ventas.groupBy("fruta").agg(F.max(kilos))


def suma_sin_repetidas(ventas):
    """quitar repetidas antes de sumar"""
    return suma(ventas.dropDuplicates())


# %% Sigue y no es lo mismo
def maximo(ventas):
    """sum por max"""
    return ventas.groupBy("fruta").agg(F.max("kilos"))


def cuenta(ventas):
    """sum por count"""
    return ventas.groupBy("fruta").agg(F.count("*"))


def doble(ventas):
    """otra cuenta dentro de sum"""
    return ventas.groupBy("fruta").agg(F.sum(F.col("kilos") * 2))


def suma_sin_uvas(ventas):
    """un filtro después de sumar, por la clave"""
    return suma(ventas).where("fruta != 'uva'")


def en_mayusculas(ventas):
    """otra expresión como clave"""
    return ventas.groupBy(F.upper("fruta")).agg(F.sum("kilos"))


def suma_de_muchos(ventas):
    """un filtro antes de sumar"""
    return suma(ventas.where("kilos > 3"))


# %% Ventanas
def ventanas(minutos):
    """La consulta que suma por ventanas de tantos minutos."""

    def por_ventanas(ventas):
        ventana = F.window("momento", f"{minutos} minutes")
        sumas = ventas.groupBy(ventana).agg(F.sum("kilos"))
        inicio = F.date_format("window.start", "HH:mm")
        return sumas.select(inicio, "sum(kilos)")

    por_ventanas.__doc__ = f"ventana de {minutos} minutos"
    return por_ventanas


# %% Pasar
def pasar(pregunta, carpeta):
    """Las filas que escribe la consulta con lo que haya en la carpeta."""
    filas = []
    ventas = spark.readStream.schema(ESQUEMA).csv(f"{carpeta}/entrada")
    consulta = (
        pregunta(ventas)
        .writeStream.foreachBatch(
            lambda tabla, numero: filas.extend(tabla.collect())
        )
        .outputMode("complete")
        .option("checkpointLocation", f"{carpeta}/checkpoint")
        .trigger(availableNow=True)
        .start()
    )
    consulta.awaitTermination()
    return filas


def en_linea(filas):
    """Las filas en una línea, ordenadas."""
    return ", ".join(sorted(" ".join(map(str, fila)) for fila in filas))


def motivo(error):
    """La última condición que nombra el error."""
    return re.findall(r"\[([A-Z][A-Z_.]+)\]", str(error))[-1]


# %% Cambiar
def cambiar(nueva, vieja=suma):
    """La vieja con un fichero, y la nueva con dos y el mismo checkpoint."""
    carpeta = Path(mkdtemp())
    (carpeta / "entrada").mkdir()
    (carpeta / "entrada/1.csv").write_text(PRIMERO)
    pasar(vieja, carpeta)
    (carpeta / "entrada/2.csv").write_text(SEGUNDO)
    return en_linea(pasar(nueva, carpeta))


def de_cero(nueva):
    """Lo que da la consulta nueva si se lee todo otra vez."""
    carpeta = Path(mkdtemp())
    (carpeta / "1.csv").write_text(PRIMERO + SEGUNDO)
    return en_linea(
        nueva(spark.read.schema(ESQUEMA).csv(str(carpeta))).collect()
    )


def ensenar(nueva, vieja=suma):
    """Lo que sale al seguir, y lo que saldría al empezar de cero."""
    print(nueva.__doc__)
    try:
        sigue, cero = cambiar(nueva, vieja), de_cero(nueva)
    except PySparkException as error:
        print("    se niega:", motivo(error))
        return
    aviso = "" if sigue == cero else "  <- no coinciden"
    print("    sigue:   ", sigue)
    print(f"    de cero:  {cero}{aviso}")


# %% Estos valen
for pregunta in (
    *(suma, suma_con_nombre),
    *(suma_en_gramos, suma_grande),
):
    ensenar(pregunta)

# %% Estos se rechazan
for pregunta in (
    *(suma_y_cuenta, suma_por_hora),
    *(suma_entera, suma_sin_repetidas),
):
    ensenar(pregunta)

# %% Estos se aceptan
for pregunta in (
    *(maximo, cuenta, doble, en_mayusculas),
    *(suma_de_muchos, suma_sin_uvas),
):
    ensenar(pregunta)
ensenar(ventanas(5), vieja=ventanas(10))

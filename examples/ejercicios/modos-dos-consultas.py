"""De una carpeta, dos consultas a la vez, cada una en su modo.

Van llegando ficheros con líneas como norte;12;3: la parada, los viajeros
que suben y los minutos de retraso del autobús.

- Una consulta escribe cada vez en la consola, de todas las paradas, los
  viajeros que suman, en las columnas parada y viajeros.
- La otra guarda en SALIDA, en JSON, los retrasos de 10 minutos o más, con
  sus columnas parada y retraso. Apunta por dónde va en CHECKPOINT.

El programa no acaba solo. Pero si muere una de las dos, acaba; y debe morir
la que usa un número cuando en su sitio llega otra cosa.
"""

# %% Constantes
import os

ENTRADA = os.environ.get("ENTRADA", "entrada")
SALIDA = os.environ.get("SALIDA", "salida")
CHECKPOINT = os.environ.get("CHECKPOINT", "checkpoint")

# %% Programa
# Completa: la sesión, una fuente, dos consultas y la espera.
...

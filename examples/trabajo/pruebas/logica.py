"""Lo que se hace con las lecturas de las bicis. Ni lee ni escribe."""

# %% Limpiar
from pyspark.sql import Row
from pyspark.sql.functions import col, initcap, trim, window
from pyspark.sql.functions import sum as suma
from pyspark.sql.streaming import StatefulProcessor

ESQUEMA = "hora TIMESTAMP, estacion STRING, bicis INT"


def limpiar(lecturas):
    """Las que tienen hora y al menos una bici."""
    return lecturas.where("hora IS NOT NULL AND bicis >= 1").withColumn(
        "estacion", initcap(trim("estacion"))
    )


# %% Por ventana
def por_ventana(lecturas):
    """Las bicis de cada estación, de diez en diez minutos."""
    return (
        lecturas.withWatermark("hora", "10 minutes")
        .groupBy(window("hora", "10 minutes"), "estacion")
        .agg(suma("bicis").alias("bicis"))
        .select(col("window.start").alias("desde"), "estacion", "bicis")
    )


# %% Silencio
MEDIA_HORA = 30 * 60 * 1000


class Silencio(StatefulProcessor):
    """Avisa de la estación que lleva media hora callada."""

    def init(self, handle):
        self.handle = handle
        self.ultima = handle.getValueState("ultima", "ms LONG")

    def handleInputRows(self, key, rows, timerValues):
        horas = [int(fila.hora.timestamp() * 1000) for fila in rows]
        if self.ultima.exists():
            horas.append(self.ultima.get()[0])
        self.ultima.update((max(horas),))
        for anterior in list(self.handle.listTimers()):
            self.handle.deleteTimer(anterior)
        self.handle.registerTimer(max(horas) + MEDIA_HORA)
        return iter(())

    def handleExpiredTimer(self, key, timerValues, expiredTimerInfo):
        self.ultima.clear()
        yield Row(estacion=key[0])

    def close(self):
        pass


# %% Calladas
def calladas(lecturas):
    """Las estaciones que llevan media hora calladas."""
    return (
        lecturas.withWatermark("hora", "10 minutes")
        .groupBy("estacion")
        .transformWithState(
            statefulProcessor=Silencio(),
            outputStructType="estacion STRING",
            outputMode="append",
            timeMode="eventTime",
        )
    )

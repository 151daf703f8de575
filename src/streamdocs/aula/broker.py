"""The Kafka broker of a page that reaches for one."""

from streamdocs.aula.place import Place
from streamdocs.kafka import tools
from streamdocs.kafka.broker import Broker


class PageBroker:
    """A broker in which a page finds nothing of the one before."""

    def __init__(self, place: Place) -> None:
        """It works in a folder of ``place``."""
        self._place = place
        self._broker: Broker | None = None

    def begin(self) -> None:
        """Have it run with nothing in it, and its tools on the PATH of the page.

        Raises KafkaError where it cannot be had, PortInUseError where there is another already.
        """
        if self._broker is None:
            home = self._place.shared("kafka")
            tools.install(self._place.folder / "bin", home.path)
            self._broker = Broker(home.path, self._place.environment(home))
        self._broker.renew()

    def end(self) -> None:
        """End it, if it runs."""
        if self._broker is not None:
            self._broker.stop("KILL")

"""The exporter of a page: what Spark's events, in any order, leave for Prometheus."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import prometheus_client
import pytest
from conftest import ROOT
from prometheus_client import CollectorRegistry

from streamdocs.course import examples

EXPORTER = ROOT / "examples" / "trabajo" / "exportar.py"


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> tuple[Any, CollectorRegistry]:
    """The one of the example, with numbers of its own."""
    registry = CollectorRegistry()
    for name in ("Counter", "Gauge"):
        kind = getattr(prometheus_client, name)
        monkeypatch.setattr(
            prometheus_client,
            name,
            lambda *given, kind=kind: kind(*given, registry=registry),
        )
    names: dict[str, Any] = {}
    for cell in ("Números", "Exportador"):
        exec(examples.cells(EXPORTER)[cell], names)
    return names["Exportador"](), registry


def event(run: str) -> Any:
    """One of a query that has the same id, and the same name, whenever it is started."""
    return SimpleNamespace(id="the same", runId=run, name="horas")


def signal(registry: CollectorRegistry) -> float | None:
    return registry.get_sample_value("consulta_senal", {"consulta": "horas"})


def test_who_has_ended_gives_no_sign(exporter: tuple[Any, CollectorRegistry]) -> None:
    it, registry = exporter
    it.onQueryStarted(event("first"))
    assert signal(registry)
    it.onQueryTerminated(event("first"))
    assert signal(registry) is None


def test_the_end_of_the_run_before_comes_late(exporter: tuple[Any, CollectorRegistry]) -> None:
    """A start is told at once; an end waits for its turn."""
    it, registry = exporter
    it.onQueryStarted(event("first"))
    it.onQueryStarted(event("second"))
    it.onQueryTerminated(event("first"))
    assert signal(registry)
    it.onQueryIdle(event("second"))
    it.onQueryTerminated(event("second"))
    assert signal(registry) is None

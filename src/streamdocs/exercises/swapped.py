"""What pytest loads to run a reader's tests on several versions of the function that they test.

It is named to pytest with ``-p``. The environment says where the versions are, and where it writes
what comes of each.
"""

import json
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from pyspark.sql import DataFrame
from pyspark.sql.functions import expr

VERSIONS, OUTCOMES = "STREAMDOCS_VERSIONS", "STREAMDOCS_OUTCOMES"
"""The variables that say where; the versions are lines, «condition; place», both in SQL."""
TESTED = "limpiar"
"""The function that the tests test."""


def _cleans(version: str, rows: DataFrame) -> DataFrame:
    condition, _, place = version.partition("; ")
    return rows.where(condition).withColumn("parada", expr(place))


@pytest.fixture(autouse=True)
def streamdocs_version(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a test find a version under the name of what it tests."""
    version: str = request.param
    monkeypatch.setattr(request.module, TESTED, lambda rows: _cleans(version, rows))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Have each test run once on each version."""
    versions = Path(os.environ[VERSIONS]).read_text("utf-8").splitlines()
    metafunc.parametrize(streamdocs_version.__name__, versions, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Function,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note down what comes of a test: of its fixtures, too."""
    report = yield
    outcome = {
        "version": item.callspec.params[streamdocs_version.__name__],
        "when": report.when,
        "outcome": report.outcome,
    }
    with Path(os.environ[OUTCOMES]).open("a", encoding="utf-8") as file:
        print(json.dumps(outcome), file=file)
    return report

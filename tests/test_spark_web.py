"""What the page says of Spark's web: open to everyone, unless SPARK_LOCAL_IP says otherwise."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from streamdocs.running import archive
from streamdocs.system import java, netns
from streamdocs.system.programs import java_home

pytestmark = pytest.mark.skipif(not netns.possible(), reason="el sistema no deja tener otra red")

LISTENING = """
import psutil
from pyspark.sql import SparkSession

spark = SparkSession.builder.config("spark.ui.enabled", True).getOrCreate()
for child in psutil.Process().children(recursive=True):
    for one in child.net_connections("tcp"):
        if one.status == psutil.CONN_LISTEN:
            print(one.laddr.port, one.laddr.ip.removeprefix("::ffff:"))
"""
EVERYWHERE = {"::", "0.0.0.0"}


def listening(**env: str) -> dict[int, str]:
    """On which address Spark listens, by port, in a network where nobody else can call it."""
    alone = (sys.executable, "-m", "streamdocs.system.netns", sys.executable, "-c", LISTENING)
    sooner = java.options(*java.QUICK, *archive.options(java_home(), os.environ))
    kept = {name: value for name, value in os.environ.items() if name != "SPARK_LOCAL_IP"}
    ran = subprocess.run(
        alone,
        env=kept | {"SPARK_SUBMIT_OPTS": sooner, "SPARK_CONF_DIR": str(archive.CONF)} | env,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    pairs = (line.split() for line in ran.stdout.splitlines())
    return {int(port): address for port, address in pairs}


def test_anyone_can_open_the_web_of_spark() -> None:
    assert listening()[4040] in EVERYWHERE


def test_spark_local_ip_keeps_all_of_spark_to_this_machine() -> None:
    found = listening(SPARK_LOCAL_IP="127.0.0.1")
    assert 4040 in found
    assert set(found.values()) == {"127.0.0.1"}

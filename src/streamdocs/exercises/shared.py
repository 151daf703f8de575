"""Run a program in a JVM that others have used: ``python -m streamdocs.exercises.shared FILE``.

The environment says which JVM, as PySpark reads it (``PYSPARK_GATEWAY_PORT``).
"""

import runpy
import sys
from typing import Any

from pyspark.java_gateway import launch_gateway

from streamdocs.running import upstream


def _attach(conf: Any = None, popen_kwargs: Any = None) -> Any:
    return upstream.number_functions(launch_gateway(conf))


if __name__ == "__main__":
    upstream.launching_with(_attach)
    sys.argv = sys.argv[1:]
    runpy.run_path(sys.argv[0], run_name="__main__")

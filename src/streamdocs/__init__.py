"""Run, record and check streams inside the pages of a course.

``import streamdocs`` costs nothing: each module is imported by who needs it.
"""

from importlib.metadata import version

__version__ = version("streamdocs")

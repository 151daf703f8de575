"""Runs the transcripts of the examples on other releases of Spark: ``nox -s versiones``."""

"""How fast the course builds, measured in pairs; ``nox -s bench`` runs it."""

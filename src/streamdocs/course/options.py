"""What a cell may declare."""

from __future__ import annotations

from streamdocs.errors import StreamdocsError


class PageError(StreamdocsError):
    """A page asks for something that does not exist, such as an unknown cell of an example."""

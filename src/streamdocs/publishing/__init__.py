"""The edge to Sphinx: what ran becomes a site."""

"""The laboratory's model, compared with real Spark in random scenarios and in known ones."""

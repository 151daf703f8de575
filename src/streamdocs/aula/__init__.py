"""The pages of the built site, run where they stand on the reader's own Spark."""

"""A real Kafka broker on loopback, and the project's own tools."""

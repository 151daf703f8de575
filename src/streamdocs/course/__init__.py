"""What the author of the course wrote, read; nothing here runs anything."""

"""What a reader wrote, run on data of our own and compared."""

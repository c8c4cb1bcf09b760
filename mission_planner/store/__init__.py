"""What the center keeps: one durable store, written by one thread."""

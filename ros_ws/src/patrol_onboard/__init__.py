"""What runs on each robot: mission executor, drivers, supervisor, thin nodes."""

"""Numbers that user code takes from rclpy."""

S_TO_NS = 1_000_000_000

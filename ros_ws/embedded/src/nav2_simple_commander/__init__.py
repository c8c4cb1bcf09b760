"""Drives a robot's Nav2 from a script: the API of nav2_simple_commander, on the embedded rclpy."""

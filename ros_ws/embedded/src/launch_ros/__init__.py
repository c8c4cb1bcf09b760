"""Nodes in launch files: the part of launch_ros that a robot's bring-up uses."""

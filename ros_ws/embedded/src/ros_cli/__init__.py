"""`ronda ros …`: what the ROS 2 command line does, for machines without ROS 2."""

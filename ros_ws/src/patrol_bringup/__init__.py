"""Starting things: the `ronda` command and the ROS launch entry points."""

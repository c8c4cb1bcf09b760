"""Live video, signalled: the center authorises and carries offer and answer; pictures go from robot to browser."""

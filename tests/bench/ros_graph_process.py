"""Many nodes in one process, for the bench: says what they cost, and stays until its input ends."""

from __future__ import annotations

import json
import os
import sys
import time

import psutil
from std_msgs.msg import String

import rclpy


def main(port: int, nodes: int, endpoints: int) -> None:
    """Make nodes with `endpoints` publishers each; stop early where 60 s are over."""
    os.environ["ZENOH_CONFIG_OVERRIDE"] = f'connect/endpoints=["tcp/127.0.0.1:{port}"]'
    rclpy.init()
    process = psutil.Process()
    before, began_s = process.memory_info().rss, time.monotonic()
    kept = []
    for number in range(nodes):
        node = rclpy.create_node(f"node_{number}", start_parameter_services=endpoints == 0)
        kept.append([node, *(node.create_publisher(String, f"/topic_{number}_{n}", 1) for n in range(endpoints))])
        if time.monotonic() - began_s > 60:
            break
    figures = {
        "nodes": len(kept),
        "seconds": time.monotonic() - began_s,
        "rss_mb": (process.memory_info().rss - before) / 1e6,
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

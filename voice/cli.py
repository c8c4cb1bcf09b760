"""`ronda robot-voice`: what one robot says aloud; `ronda robot` starts it."""

from __future__ import annotations

import argparse
import asyncio
import os


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda robot-voice`, which nobody starts by hand."""
    parser = subparsers.add_parser("robot-voice", add_help=False)
    parser.add_argument("ros_arguments", nargs=argparse.REMAINDER)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """The voice process; its exit code."""
    from patrol_wire.running_node import run_process

    given: list[str] = arguments.ros_arguments
    return run_process(_run, given[1:] if given[:1] == ["--"] else given)


def _run() -> None:
    from patrol_wire.spinning_node import spinning
    from voice.settings import settings_from
    from voice.voice_node import VoiceNode
    from voice.voice_process import VoiceProcess

    node = VoiceNode()
    process = VoiceProcess(node, settings_from(os.environ, node.robot_id))
    with spinning(node):
        asyncio.run(process.run())

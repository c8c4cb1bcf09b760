"""`ronda ros router`"""

from __future__ import annotations

import threading
from argparse import Namespace

from ros_cli.errors import CommandError
from ros_cli.topics import say
from ros_wire.router import Router, RouterError


def run(chosen: Namespace) -> None:
    """Route until stopped."""
    listen = chosen.listen or ["tcp/localhost:7447"]
    try:
        with Router(listen=listen, connect=chosen.connect):
            say(f"routing on {', '.join(listen)}; Ctrl-C ends")
            threading.Event().wait()
    except RouterError as error:
        raise CommandError(str(error)) from None
    except KeyboardInterrupt:
        pass  # how it usually ends

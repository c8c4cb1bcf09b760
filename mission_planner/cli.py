"""`ronda center`: the center of one site, until SIGTERM or Ctrl-C."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Iterator

from mission_planner.settings import Settings, settings_from
from patrol_core.errors import PatrolError
from patrol_core.event_loop import told_to_end

log = logging.getLogger(__name__)

_FLAGS = {
    "--site": ("RONDA_SITE", "site name, or path of its folder"),
    "--data": ("RONDA_DATA", "folder for everything the center keeps"),
    "--store": ("RONDA_STORE", "PostgreSQL database, postgresql://user@host/database; else SQLite in the data folder"),
    "--host": ("RONDA_HOST", "address of the console and API"),
    "--port": ("RONDA_PORT", "port of the console and API"),
    "--mqtt-port": ("RONDA_MQTT_PORT", "port sensors publish to"),
    "--router-port": ("RONDA_ROUTER_PORT", "port of the robots' router"),
    "--speed": ("RONDA_SPEED", "site seconds per real second; other than 1 needs the simulator"),
}


def register(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `ronda center`."""
    parser = subparsers.add_parser("center", help="planning, incidents, API and console of one site")
    for flag, (variable, text) in _FLAGS.items():
        parser.add_argument(flag, dest=variable, metavar=variable.removeprefix("RONDA_"), help=f"{text} ({variable})")
    parser.add_argument("--demo", action="store_true", help="plan a patrol where there is none")
    parser.add_argument(
        "--insecure-http", action="store_true", help="listen off loopback without encryption (RONDA_INSECURE_HTTP=1)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the center; 0 after SIGTERM or Ctrl-C, 1 when a part died. A PatrolError is the caller's to say."""
    given = {variable: getattr(arguments, variable) for variable, _ in _FLAGS.values()}
    environment = {**os.environ, **{k: v for k, v in given.items() if v is not None}}
    settings = settings_from(environment, demo=arguments.demo, insecure_http=arguments.insecure_http)
    try:
        asyncio.run(_serve(settings))
    except ExceptionGroup as group:  # from the task group; what fails before it comes as it is
        for error in _leaves(group):
            surprise = None if isinstance(error, PatrolError) else error  # a sentence needs no trace
            log.error("a part of the center died: %s", error, exc_info=surprise)
        return 1
    return 0


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    """What really happened, whatever task groups it came through."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


async def _serve(settings: Settings) -> None:
    from mission_planner.app import running

    ending = told_to_end()
    async with running(settings) as center:
        if center.made_up_password is not None:
            print(f"\n  first login: admin / {center.made_up_password}\n", flush=True)
        log.info("the center of %s answers at %s", center.services.site.site_id, settings.url)
        await ending.wait()

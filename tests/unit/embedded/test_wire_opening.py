"""Opening a session never takes for ever, and closing one never fails."""

from __future__ import annotations

import json
import socket
import threading
import time
from typing import Any

import pytest
import zenoh

from ros_wire.config import router_config, session_config
from ros_wire.opening import NotOpened, close_zenoh, open_zenoh
from ros_wire.router import Router
from ros_wire.session import SessionError, WireSession
from tests.helpers.waiting import eventually, free_port
from tests.unit.embedded.helpers import override

CHURN_S = 20.0


def of_a_client(port: int) -> dict[str, str]:
    return {"ZENOH_CONFIG_OVERRIDE": f'{override(port)};listen/endpoints=[];mode="client"'}


def test_a_client_that_nobody_answers_is_told_so_in_time_and_what_comes_late_is_closed() -> None:
    port = free_port()
    with pytest.raises(NotOpened, match=rf'within 0.1 s \(mode "client", connecting to \["tcp/127.0.0.1:{port}"\]'):
        open_zenoh(session_config(of_a_client(port)), patience_s=0.1)

    def attempts() -> int:
        return sum(thread.name == "open a session" for thread in threading.enumerate())

    assert attempts() == 1
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        eventually(lambda: attempts() == 0, what="the session that came late is closed")


def test_an_endpoint_that_is_taken_is_named_at_once() -> None:
    port = free_port()
    config = router_config([f"tcp/127.0.0.1:{port}"], [])
    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        with pytest.raises(NotOpened, match=f"127.0.0.1:{port}"):
            open_zenoh(config)
        environment = {"ZENOH_CONFIG_OVERRIDE": f'listen/endpoints=["tcp/127.0.0.1:{port}"]'}
        with pytest.raises(SessionError, match=f"could not be opened: .*127.0.0.1:{port}"):
            WireSession(log=print, environment=environment)


def test_a_neighbour_that_is_silent_in_the_midst_of_a_greeting_does_not_keep_a_session_from_closing() -> None:
    assert json.loads(session_config({}).get_json("transport/unicast/open_timeout")) < 10_000
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        overrides = override(silent.getsockname()[1])
        config = session_config({"ZENOH_CONFIG_OVERRIDE": f"{overrides};transport/unicast/open_timeout=200"})
        session = open_zenoh(config)
        connection, _ = silent.accept()
        with connection:
            assert close_zenoh(session) is None


def test_links_that_never_end_are_left_with_a_sentence() -> None:
    class Mute:
        def close(self) -> None:
            raise zenoh.ZError("close operation timed out!")

    session: Any = Mute()
    assert close_zenoh(session) == "links that did not answer were left: close operation timed out!"


@pytest.mark.prove
def test_sessions_that_come_and_go_beside_each_other_do_not_stand_still() -> None:
    port, ends_s = free_port(), time.monotonic() + CHURN_S
    environment = {"ZENOH_CONFIG_OVERRIDE": override(port)}
    opened: list[str] = []
    said: list[str] = []  # of links that were left; on a machine that is busy with this there may be some

    def come_and_go() -> None:
        while time.monotonic() < ends_s:
            session = WireSession(log=said.append, environment=environment)
            opened.append(session.session_id)
            session.close()

    with Router(listen=[f"tcp/127.0.0.1:{port}"]):
        threads = [threading.Thread(target=come_and_go, daemon=True) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(CHURN_S + 60)
        assert not any(thread.is_alive() for thread in threads)
        assert len(said) < len(opened) / 50, said
        assert len(opened) > 500

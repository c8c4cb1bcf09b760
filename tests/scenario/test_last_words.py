"""A center that was killed knows again what devices last said, and how old that is, before any of them speaks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.helpers.crash_ledger import CenterProcess
from tests.helpers.mosquitto import Mosquitto, mosquitto, needs_broker
from tests.helpers.waiting import eventually

COUNT = 40
DEVICES = "id,kind,name_en,building\n" + "".join(f"bin-{i},bin_level,Bin {i},b1\n" for i in range(COUNT))
KNOWN = ("device_id", "state", "value", "last_seen_at", "last_value_at")


@contextmanager
def api(center: CenterProcess) -> Iterator[httpx.Client]:
    url = f"http://127.0.0.1:{center.http_port}/api/v1"
    with httpx.Client(base_url=url, headers={"X-Ronda": "1"}, timeout=30) as http:
        http.post("/session", json={"username": "admin", "password": "patrol-at-dawn"}).raise_for_status()
        yield http


def bins(http: httpx.Client) -> list[dict[str, Any]]:
    """What is known of each that spoke."""
    items = http.get("/sensors", params={"kind": "bin_level", "limit": 200}).raise_for_status().json()["items"]
    return [{name: item[name] for name in KNOWN} for item in items if item["last_seen_at"] is not None]


def speak(broker: Mosquitto) -> None:
    """Each says how full it is; the last one that it is too full."""
    words = [{"state": "normal", "value": i, "unit": "%"} for i in range(COUNT - 1)]
    words.append({"state": "alarm", "value": 97, "unit": "%"})
    broker.publish([(f"xinghe/sensors/bin-{i}/event", json.dumps(word)) for i, word in enumerate(words)])


@needs_broker
def test_after_a_kill_values_states_and_ages_are_what_they_were(tmp_path: Path) -> None:
    with mosquitto(tmp_path) as broker:
        center = CenterProcess(tmp_path / "center", more={"RONDA_TELEMETRY_BROKER": f"mqtt://127.0.0.1:{broker.port}"})
        try:
            center.start()
            assert center.wait_listening(within_s=120)
            with api(center) as http:
                file = {"content": DEVICES, "headers": {"Content-Type": "text/csv"}}
                assert http.post("/sensors/import", **file).json()["added"] == COUNT

                def all_spoke() -> bool:
                    speak(broker)  # again, for the center subscribes in its own time
                    return len(bins(http)) == COUNT

                eventually(all_spoke, within_s=60, every_s=0.5, what="all bins heard")
                eventually(center.taken_through, within_s=60, what="the alarm taken through")
                told = http.get("/sensors/bin-7/history").json()["points"]
                first = {b["device_id"]: b for b in bins(http)}
            center.kill()
            center.start()
            assert center.wait_listening(within_s=120)
            with api(center) as http:
                eventually(lambda: len(bins(http)) == COUNT, within_s=60, what="all bins known again")
                for now in bins(http):
                    before = first[now["device_id"]]
                    assert (now["value"], now["state"]) == (before["value"], before["state"])
                    assert now["last_seen_at"] <= before["last_seen_at"], "never younger than it is"
                assert http.get("/sensors/bin-7/history").json()["points"] == told
        finally:
            center.kill()

"""What each part of the center says when it is asked how it fares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from mission_planner.fleet.port import RobotPort
from mission_planner.health import PartHealth
from mission_planner.incidents.ingest.listener import MqttListener
from mission_planner.incidents.inlet import Inlet
from mission_planner.incidents.webhook import Webhook
from mission_planner.phrases import said
from mission_planner.site_time import SiteTime
from mission_planner.store.sqlite import SqliteStore
from mission_planner.ticker import Ticker
from patrol_core.part import PartState
from patrol_core.site import Text

NO_TIME = Text(zh="模拟器还没有给出园区时间", en="the simulator has not said the site's time yet")
NOT_LISTENING = Text(zh="还没有开始接收传感器消息", en="not listening for sensors yet")
NO_VISION = Text(zh="此版本没有视觉识别：机器人只拍照，不识别", en="no recognition yet: robots take pictures only")
NO_VOICE = Text(zh="此版本没有语音通话", en="no voice yet")

Check = Callable[[], PartHealth]


def checks_of(
    *,
    store: SqliteStore,
    port: RobotPort,
    mqtt: MqttListener,
    inlet: Inlet,
    ticker: Ticker,
    clock: SiteTime,
    webhook: Webhook | None,
) -> Mapping[str, Check]:
    """One check for each part, by name."""

    def of_store() -> PartHealth:
        return _part("store", store.trouble)

    def of_router() -> PartHealth:
        return _part("router", port.trouble)

    def of_mqtt() -> PartHealth:
        if not mqtt.serving:
            return PartHealth(name="mqtt", state=PartState.UNAVAILABLE, because=NOT_LISTENING)
        return _part("mqtt", mqtt.trouble or inlet.trouble, PartState.DEGRADED)

    def of_scheduler() -> PartHealth:
        if clock.now_or_none() is None:
            return PartHealth(name="scheduler", state=PartState.UNAVAILABLE, because=NO_TIME)
        return _part("scheduler", ticker.trouble, PartState.DEGRADED)

    def missing(name: str, because: Text) -> Check:
        return lambda: PartHealth(name=name, state=PartState.UNAVAILABLE, because=because, needed=False)

    def of_webhook() -> PartHealth:
        return replace(_part("webhook", webhook.trouble if webhook else None, PartState.DEGRADED), needed=False)

    return {
        "mqtt": of_mqtt,
        "router": of_router,
        "scheduler": of_scheduler,
        "vision": missing("vision", NO_VISION),
        "voice": missing("voice", NO_VOICE),
        "store": of_store,
        **({"webhook": of_webhook} if webhook else {}),
    }


def _part(name: str, trouble: str | None, state: PartState = PartState.UNAVAILABLE) -> PartHealth:
    if trouble is None:
        return PartHealth(name=name, state=PartState.OK)
    return PartHealth(name=name, state=state, because=said(trouble))

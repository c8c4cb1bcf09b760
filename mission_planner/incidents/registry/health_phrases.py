"""How fixed sensors fare: the sentences of the registry, in both languages."""

from __future__ import annotations

from mission_planner.wording import length_text
from patrol_core.site import Text

OK = Text(zh="正常", en="ok")
NEVER_HEARD = Text(zh="从未收到消息", en="never heard")


def silent(silent_s: float) -> Text:
    """No word for too long."""
    length = length_text(silent_s)
    return Text(zh=f"已 {length.zh}没有消息", en=f"silent for {length.en}")


def battery_low(pct: float) -> Text:
    """Soon it will be silent."""
    return Text(zh=f"电量低：{pct:.0f} %", en=f"battery low: {pct:.0f} %")


def condition(cause: str, value: float | None, count: int) -> Text:
    """What the clock found wrong."""
    much = f"{value:g}" if value is not None else "?"
    zh, en = {
        "silent": (f"已 {much} 小时没有消息", f"silent for {much} h"),
        "battery_low": (f"电量低：{much} %", f"battery low: {much} %"),
        "never_heard": ("登记后从未收到消息", "never heard since it was registered"),
        "unused": (f"已 {much} 小时没有使用", f"no sign of use for {much} h"),
        "flowing": (f"已连续用水 {much} 小时", f"water has run for {much} h without a pause"),
    }[cause]
    if count > 1:
        zh, en = f"{zh}；同楼共 {count} 个设备", f"{en}; {count} devices of the building together"
    return Text(zh=zh, en=en)

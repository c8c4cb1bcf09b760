"""Every sentence of the eyes, in both languages."""

from __future__ import annotations

from patrol_core.site import Text


def suspected(distance_m: float, looks: int, length_s: float) -> Text:
    """Somebody may be lying there."""
    return Text(
        zh=f"约 {distance_m:.0f} 米处像有人倒地（{length_s:.1f} 秒内看到 {looks} 次），需要靠近确认",
        en=f"somebody may lie about {distance_m:.0f} m away ({looks} times in {length_s:.1f} s): look closer",
    )


def confirmed(distance_m: float, views: int, length_s: float) -> Text:
    """Somebody lies there."""
    return Text(
        zh=f"在 {distance_m:.1f} 米处看清有人倒地：从 {views} 个位置看到，持续 {length_s:.1f} 秒",
        en=f"somebody lies {distance_m:.1f} m away: seen from {views} places for {length_s:.1f} s",
    )


STANDS = Text(zh="已看清：人没有倒地", en="seen clearly: nobody lies there")
SMALL = Text(zh="已看清：太小，不是人", en="seen clearly: too small to be a person")
GONE = Text(zh="已靠近原处，那里没有人", en="came near: nobody is there")
LOST = Text(zh="一直没能再看到那里，无法判断", en="never saw the place again: cannot tell")

DARK = Text(zh="摄像头画面全黑：可能被遮挡或光线太暗", en="the camera's picture is black: covered, or too dark")
UNIFORM = Text(zh="摄像头画面没有内容：可能被遮挡", en="the camera's picture shows nothing: it may be covered")
FROZEN = Text(zh="摄像头画面停住不动", en="the camera's picture does not change")
NO_PICTURES = Text(zh="没有收到摄像头画面", en="no pictures come from the camera")
NO_POSE = Text(
    zh="不知道机器人的位置，看到的人没有坐标", en="the robot's place is unknown: who is seen has no position"
)


def no_model(why: str) -> Text:
    """The models cannot be used."""
    return Text(zh=f"识别模型不可用：{why}", en=f"the models cannot be used: {why}")


def slow(rate_hz: float) -> Text:
    """The machine is too busy for the usual rate."""
    return Text(zh=f"处理变慢：每秒 {rate_hz:.1f} 帧", en=f"degraded: {rate_hz:.1f} fps")


def stuck(for_s: float) -> Text:
    """One look does not end."""
    return Text(zh=f"识别已停住 {for_s:.0f} 秒", en=f"one look has taken {for_s:.0f} s")

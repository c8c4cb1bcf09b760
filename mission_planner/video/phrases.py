"""Why there is no picture: the sentences of live video, in both languages."""

from __future__ import annotations

from patrol_core.site import Text


def full(limit: int) -> Text:
    """As many as the center keeps account of are watching."""
    return Text(
        zh=f"中心已有 {limit} 路画面在播放，达到上限",
        en=f"{limit} viewers are watching, which is the limit of this center",
    )


def offline(robot_id: str, silence_s: float | None) -> Text:
    """The robot is not heard."""
    if silence_s is None:
        return Text(zh=f"机器人 {robot_id} 失联：从未上线", en=f"robot {robot_id} is offline: it never reported")
    return Text(
        zh=f"机器人 {robot_id} 失联：{silence_s:.0f} 秒没有消息",
        en=f"robot {robot_id} is offline: nothing heard for {silence_s:.0f} s",
    )


def unanswered(robot_id: str, after_s: float) -> Text:
    """The robot took too long."""
    return Text(
        zh=f"机器人 {robot_id} 在 {after_s:g} 秒内没有应答",
        en=f"robot {robot_id} did not answer within {after_s:g} s",
    )


def refused(robot_id: str, because: Text) -> Text:
    """The robot said no."""
    return Text(zh=f"机器人 {robot_id}：{because.zh}", en=f"robot {robot_id}: {because.en}")


def missing(robot_id: str) -> Text:
    """Nobody on the robot serves video."""
    return Text(
        zh=f"机器人 {robot_id} 没有视频：它的视频进程不在",
        en=f"robot {robot_id} has no video: its media process is not there",
    )

"""Every sentence the media process gives, in both languages of the console."""

from __future__ import annotations

from patrol_core.site import Text

FINE = Text(zh="", en="")
SESSION_KNOWN = Text(zh="该会话已存在", en="this session is open already")
CAMERA_SILENT = Text(zh="相机没有画面", en="the camera gives no pictures")
NO_CAMERA = Text(zh="没有相机在发布画面", en="no camera publishes pictures")


def no_such_camera(camera_id: str) -> Text:
    """The robot has no such camera."""
    return Text(zh=f"机器人没有相机 {camera_id:.40}", en=f'the robot has no camera "{camera_id:.40}"')


def too_many(limit: int) -> Text:
    """As many as it can serve are watching."""
    return Text(zh=f"已有 {limit} 人在观看，达到上限", en=f"{limit} viewers are watching, which is the limit")


def offer_refused(because: str) -> Text:
    """The offer cannot be answered."""
    return Text(zh=f"无法建立视频：{because}", en=f"no video from this offer: {because}")


def no_answer(seconds: float) -> Text:
    """Gathering candidates took too long."""
    return Text(zh=f"{seconds:g} 秒内未能应答", en=f"no answer could be made within {seconds:g} s")


def missing(module: str) -> Text:
    """A library is not installed."""
    return Text(zh=f"未安装 {module}，无法提供视频", en=f"no video: {module} is not installed")


def picture_unusable(because: str) -> Text:
    """The camera sends what cannot be shown."""
    return Text(zh=f"相机画面无法使用：{because}", en=f"the camera's pictures cannot be used: {because}")


def sends_too_slowly(replaced: int, pictures: int) -> Text:
    """The encoder does not keep up."""
    return Text(
        zh=f"编码跟不上：{pictures} 帧中丢弃 {replaced} 帧",
        en=f"the encoder does not keep up: {replaced} of {pictures} pictures were left out",
    )

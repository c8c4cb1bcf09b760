"""Every sentence the voice gives as a reason, in both languages of the console."""

from __future__ import annotations

from collections.abc import Sequence

from patrol_core.site import Language, Text

FINE = Text(zh="", en="")
STILL_SAYING = Text(zh="上一句话还没有说完", en="another sentence is not over yet")
URGENT_CAME = Text(zh="被更紧急的话代替", en="a more urgent sentence took its place")
BROKEN_OFF = Text(
    zh="语音程序中途重启，可能没有说完；不再重复",
    en="the voice was restarted in the midst of it; it may have been heard in part and is not repeated",
)
NO_ESPEAK = Text(zh="未安装 espeak-ng，无法合成语音", en="espeak-ng is not installed: no speech can be made")
NO_APLAY = Text(
    zh="未安装 aplay（alsa-utils），无法放音", en="aplay (alsa-utils) is not installed: nothing can be played"
)
NO_VOICES = Text(zh="espeak-ng 没有中文或英文语音", en="espeak-ng has neither a Chinese nor an English voice")
NOT_LOOKED = Text(zh="正在检查扬声器", en="the loudspeaker is being looked at")

_NAMES = {Language.ZH: Text(zh="中文", en="Chinese"), Language.EN: Text(zh="英文", en="English")}


def lacks(languages: Sequence[Language]) -> Text:
    """Some languages have no voice."""
    zh, en = "、".join(_NAMES[x].zh for x in languages), " or ".join(_NAMES[x].en for x in languages)
    return Text(zh=f"没有{zh}语音", en=f"there is no {en} voice")


def not_made(why: str) -> Text:
    """The synthesizer failed."""
    return Text(zh=f"语音合成失败：{why}", en=f"the speech could not be made: {why}")


def no_sound(device: str, why: str) -> Text:
    """The sound card does not play."""
    return Text(zh=f"声卡 {device} 不能放音：{why}", en=f"sound device {device} does not play: {why}")


def not_kept(why: str) -> Text:
    """The recording could not be written."""
    return Text(zh=f"录音无法保存：{why}", en=f"the recording could not be written: {why}")

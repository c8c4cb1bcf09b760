"""What robots are made to say: ready sentences, the calming one, and why a robot cannot be asked. Both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from patrol_core.site import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A sentence an operator need not think about."""

    sentence_id: str
    words: Text
    urgent: bool = False  # takes the place of one that is being said


_TABLE = (
    Ready(
        sentence_id="help_coming",
        words=Text(zh="救护人员正在赶来，请不要移动", en="Help is on its way, please do not move"),
    ),
    Ready(
        sentence_id="staff_coming",
        words=Text(zh="工作人员正在赶来，请在原地稍等", en="Staff are on their way, please wait here"),
    ),
    Ready(
        sentence_id="wave",
        words=Text(zh="您好，您需要帮助吗？需要的话请挥手", en="Hello, do you need help? If so, please wave your hand"),
    ),
    Ready(
        sentence_id="leave",
        words=Text(
            zh="这里有危险，请立即走楼梯离开，不要乘电梯",
            en="There is danger here. Leave now by the stairs, do not use the elevator",
        ),
        urgent=True,
    ),
    Ready(
        sentence_id="keep_away",
        words=Text(zh="前方有危险，请绕行", en="There is danger ahead, please go another way"),
        urgent=True,
    ),
    Ready(
        sentence_id="fire_lane",
        words=Text(zh="这里是消防通道，请马上把车移开", en="This is a fire lane, please move your vehicle now"),
    ),
)
READY: Mapping[str, Ready] = {ready.sentence_id: ready for ready in _TABLE}

CALMING = Text(
    zh="我看到您倒在地上，已经通知值班人员。请不要移动，我在这里陪着您",
    en="I see that you are on the ground and have told the people on duty. Please do not move, I am staying with you",
)

# why a robot cannot be asked


def not_heard(robot: Text) -> Text:
    """The link is lost."""
    return Text(zh=f"{robot.zh} 失联，听不到指令", en=f"{robot.en} is not heard and would not hear the order")


def cannot_speak(robot: Text, because: Text | None) -> Text:
    """It declares no loudspeaker that works."""
    zh, en = (f"：{because.zh}", f": {because.en}") if because else ("", "")
    return Text(zh=f"{robot.zh} 没有可用的扬声器{zh}", en=f"{robot.en} has no loudspeaker that works{en}")


def no_voice_for(robot: Text) -> Text:
    """It speaks, but none of the languages these words are in."""
    return Text(zh=f"{robot.zh} 没有这种语言的语音", en=f"{robot.en} has no voice for the language of these words")


def still_saying(robot: Text) -> Text:
    """One sentence at a time."""
    return Text(
        zh=f"{robot.zh} 上一句话还没有说完；紧急时可以打断",
        en=f"{robot.en} has not finished the sentence before; an urgent one may interrupt it",
    )


# lines of the timeline


def has_it_say(by: str, robot: Text, words: Text) -> Text:
    """A person ordered it."""
    return Text(zh=f"{by} 让 {robot.zh} 喊话：「{_zh(words)}」", en=f'{by} has {robot.en} say: "{_en(words)}"')


def calms(robot: Text, words: Text) -> Text:
    """It was ordered by policy."""
    return Text(zh=f"{robot.zh} 自动安抚：「{_zh(words)}」", en=f'{robot.en} is to calm them by itself: "{_en(words)}"')


def said(robot: Text, words: Text) -> Text:
    """It was heard, as far as a loudspeaker knows."""
    return Text(zh=f"{robot.zh} 已说完：「{_zh(words)}」", en=f'{robot.en} has said: "{_en(words)}"')


def not_said(robot: Text, words: Text, because: Text) -> Text:
    """It was not, or not to its end."""
    return Text(
        zh=f"{robot.zh} 没能说出「{_zh(words)}」：{because.zh}",
        en=f'{robot.en} did not say "{_en(words)}": {because.en}',
    )


def _zh(words: Text) -> str:
    return words.zh or words.en


def _en(words: Text) -> str:
    return words.en or words.zh

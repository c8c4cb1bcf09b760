"""How the sentences of every room are put together: in a row, with a reason, with a length of time."""

from __future__ import annotations

from collections.abc import Sequence

from patrol_core.site import Text

ZH_JOIN, EN_JOIN = "；", "; "


def joined(parts: Sequence[Text]) -> Text:
    """Sentences in a row."""
    return Text(zh=ZH_JOIN.join(p.zh for p in parts), en=EN_JOIN.join(p.en for p in parts))


def with_note(text: Text, note: str) -> Text:
    """What was done, and the words given for it."""
    return with_reason(text, Text.same(note))


def with_reason(text: Text, because: Text) -> Text:
    """What happened, and why, where there is a reason."""
    return Text(zh=f"{text.zh}：{because.zh}", en=f"{text.en}: {because.en}") if because else text


def length_text(length_s: float) -> Text:
    """A length of time as people say it."""
    if length_s < 120:
        return Text(zh=f"{length_s:.0f} 秒", en=f"{length_s:.0f} s")
    if length_s < 7200:
        return Text(zh=f"{length_s / 60:.0f} 分钟", en=f"{length_s / 60:.0f} min")
    return Text(zh=f"{length_s / 3600:.0f} 小时", en=f"{length_s / 3600:.0f} h")

"""What an incident's timeline says, and why, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from mission_planner.people.phrases import ROLE_NAMES, whom
from mission_planner.people.roles import Role
from mission_planner.wording import length_text, with_reason
from patrol_core.incident import Certainty
from patrol_core.site import Text

# --- alarms and findings -----------------------------------------------------------------------------------------


def opened(name: Text, value: float | None, unit: str) -> Text:
    """The first line of a timeline."""
    much = f" {value:g} {unit}".rstrip() if value is not None else ""
    return Text(zh=f"{name.zh} 报警{much}", en=f"{name.en} alarmed{much}")


def joined_again(name: Text, value: float | None, unit: str) -> Text:
    """The same source alarms again."""
    much = f" {value:g} {unit}".rstrip() if value is not None else ""
    return Text(zh=f"{name.zh} 再次报警{much}", en=f"{name.en} alarmed again{much}")


_SURE = {
    Certainty.SUSPECTED: Text(zh="疑似", en="suspects"),
    Certainty.CONFIRMED: Text(zh="确认", en="confirms"),
}


def judged(name: Text, certainty: Certainty, kind: Text, confidence: float, model: str) -> Text:
    """Eyes say something, and how sure they are."""
    sure, pct = _SURE[certainty], f"{confidence:.0%}"
    by_zh, by_en = (f"，模型 {model}", f", model {model}") if model else ("", "")
    return Text(
        zh=f"{name.zh} {sure.zh}：{kind.zh}（把握 {pct}{by_zh}）",
        en=f"{name.en} {sure.en}: {kind.en.lower()} (confidence {pct}{by_en})",
    )


def saw_nothing(name: Text) -> Text:
    """A robot was there and denies it."""
    return Text(zh=f"{name.zh}到场查看，未见异常", en=f"{name.en} looked and saw nothing")


def noticed(name: Text, note: Text) -> Text:
    """The clock noticed something about a device."""
    return Text(zh=f"{name.zh}：{note.zh}", en=f"{name.en}: {note.en}")


def belongs(line: Text, why: Text) -> Text:
    """Another source of the same event, and why it is taken as that."""
    return Text(zh=f"{line.zh}（归入本事件：{why.zh}）", en=f"{line.en} (taken as this event: {why.en})")


def explained(name: Text, count: int) -> Text:
    """Something else that this incident explains."""
    return Text(
        zh=f"{name.zh} 离线由本事件解释（共 {count} 个）", en=f"{name.en} is silent because of this ({count} so far)"
    )


def cleared(name: Text) -> Text:
    """The source says it is normal."""
    return Text(zh=f"{name.zh} 恢复正常", en=f"{name.en} is normal again")


def not_understood(source: str, because: str) -> Text:
    """A bare incident."""
    return Text(zh=f"来自 {source} 的报告无法处理：{because}", en=f"A report of {source} could not be used: {because}")


# --- a robot looks, or waits there -------------------------------------------------------------------------------

NOT_REACHED = Text(zh="失联，没有接到指令", en="link lost before it took the order")
NO_STANDING_PLACE = Text(zh="路网上没有能看到该处的位置", en="No place on the lanes faces it")
NO_POSITION_OF_INCIDENT = Text(zh="事件位置未知，无法派机器人", en="The place is unknown; no robot can be sent")
ALL_TRIED = Text(zh="能去的机器人都试过了", en="Every robot that could go has tried")
ENDED_BEFORE_LOOK = Text(zh="事件已结束，不再查看", en="The incident ended before a robot had looked")


def robot_sent(robot: Text, because: Text) -> Text:
    """Somebody goes to look."""
    return Text(zh=f"派 {robot.zh} 前往查看（{because.zh}）", en=f"{robot.en} sent to look ({because.en})")


def photo_came(robot: Text) -> Text:
    """The proof."""
    return Text(zh=f"{robot.zh} 发回现场照片", en=f"{robot.en} sent a photo of the place")


PHOTO_ADDED = Text(zh="已补充现场照片", en="Photo of the place added")


def look_failed(robot: Text, because: Text) -> Text:
    """No picture from this robot."""
    return with_reason(Text(zh=f"{robot.zh} 未能查看", en=f"{robot.en} could not look"), because)


def seen_by(name: Text) -> Text:
    """The one who noticed brought a picture."""
    return Text(zh=f"{name.zh} 已看到现场，有照片", en=f"{name.en} saw the place itself and has a photo")


def waits(robot: Text) -> Text:
    """A robot stays there."""
    return Text(zh=f"{robot.zh} 守在现场，等人来", en=f"{robot.en} waits there for somebody to come")


def left(robot: Text, because: Text) -> Text:
    """A robot that waited is there no more."""
    return with_reason(Text(zh=f"{robot.zh} 已离开现场", en=f"{robot.en} has left the place"), because)


def let_go(robot: Text) -> Text:
    """Nobody needs it there."""
    return Text(zh=f"让 {robot.zh} 离开", en=f"{robot.en} may leave")


def somebody_waits_already(robot: Text) -> Text:
    """One robot is enough."""
    return Text(zh=f"{robot.zh} 已守在那里", en=f"{robot.en} waits there already")


# --- what people do with it --------------------------------------------------------------------------------------

ACKNOWLEDGED = Text(zh="已接手", en="Acknowledged")
VERIFYING_IT = Text(zh="正在核实", en="Being verified")
ARRIVED = Text(zh="已到场", en="On scene")
RESOLVED = Text(zh="已处置", en="Resolved")
CLOSED = Text(zh="已关闭", en="Closed")
FALSE_ALARM = Text(zh="判为误报", en="Marked as a false alarm")
REOPENED = Text(zh="重新打开", en="Reopened")
RANG_AGAIN = Text(zh="处置后又有新的报警，重新打开", en="It alarms anew after it was resolved: reopened")


def merged(into: Text) -> Text:
    """It is part of another one."""
    return Text(zh=f"并入：{into.zh}", en=f"Merged into: {into.en}")


def took_in(other: Text) -> Text:
    """Another one is part of it."""
    return Text(zh=f"并入了：{other.zh}", en=f"Merged into this: {other.en}")


def gave_back(other: Text) -> Text:
    """Another one is part of it no more."""
    return Text(zh=f"又分出：{other.zh}", en=f"Stands for itself again: {other.en}")


# --- who is sent -------------------------------------------------------------------------------------------------

WENT_UNASKED = Text(zh="自行前往", en="went without being sent")


def person_sent(name: str, because: Text) -> Text:
    """A person has the order to go there."""
    return Text(zh=f"派 {name} 前往（{because.zh}）", en=f"{name} sent ({because.en})")


def took_order(name: str) -> Text:
    """The person says that they go."""
    return Text(zh=f"{name} 已接单，正在前往", en=f"{name} has the order and is on the way")


def took_order_late(name: str, other: str) -> Text:
    """Who did not answer does, before the one who was sent instead has."""
    return Text(
        zh=f"{name} 晚了一步，但先于 {other} 接单，正在前往",
        en=f"{name} answers late, but before {other}: {name} has the order and is on the way",
    )


ANSWERED_LATE = Text(zh="先接了单", en="answered first")
NO_ORDER = Text(zh="这件事现在没有派人的单子", en="nobody is sent there now: there is no order to take")
NOBODY_ON_DUTY = Text(
    zh="现在没有人当班：请指定派谁去，或先在排班里加上一班",
    en="nobody is on duty now: name whom to send, or put a shift into the duty roster",
)


def order_is_with(name: str, *, taken: bool, there: bool) -> Text:
    """Somebody else goes, and how far they are."""
    zh = "已到场" if there else "已接单，正在前往" if taken else "已派出，还没有接单"
    en = "who is there" if there else "who is on the way" if taken else "who was sent and has not answered yet"
    return Text(zh=f"这个单子现在归 {name}（{zh}）", en=f"the order is with {name} now, {en}")


def order_said_again(name: str, waited_s: float) -> Text:
    """Who was sent does not answer; they are told once more."""
    length = length_text(waited_s)
    return Text(zh=f"{name} {length.zh}没有接单，已再次通知", en=f"{name} has not answered for {length.en}; told again")


def order_handed_on(name: str, waited_s: float, sent: Text) -> Text:
    """Who was sent does not answer; another goes."""
    length = length_text(waited_s)
    return Text(
        zh=f"{name} {length.zh}没有接单，改{sent.zh}", en=f"{name} has not answered for {length.en}: {sent.en} instead"
    )


def order_handed_up(name: str, waited_s: float, roles: Sequence[Role], on_duty: Sequence[str] = ()) -> Text:
    """Who was sent does not answer, and there is nobody else."""
    length, who = length_text(waited_s), whom(roles, on_duty)
    return Text(
        zh=f"{name} {length.zh}没有接单，当班没有别人可派，已提醒：{who.zh}",
        en=f"{name} has not answered for {length.en} and nobody else is on duty; told: {who.en}",
    )


def told_next(names: Sequence[str], roles: Sequence[Role] = ()) -> Text:
    """Who hears of it next when an order is not taken."""
    zh, en = [*names, *(ROLE_NAMES[r].zh for r in roles)], [*names, *(ROLE_NAMES[r].en for r in roles)]
    return Text(zh="、".join(zh), en=", ".join(en))


def order_came_along(name: str) -> Text:
    """Who was sent to a part of it."""
    return Text(zh=f"{name} 的派单随并入转到本事件", en=f"{name} is sent here now: the order came with what was merged")


def fitness(role: Role, on_duty: bool, busy_with: int, away_m: float | None) -> Text:
    """Why this person, or why rather another."""
    name = ROLE_NAMES[role]
    duty = Text(zh="当班", en="on duty") if on_duty else Text(zh="不当班", en="off duty")
    load = (
        Text(zh=f"手上 {busy_with} 件", en=f"{busy_with} in hand")
        if busy_with
        else Text(zh="手上没有别的事", en="nothing else in hand")
    )
    near = (
        [Text(zh=f"刚才到过 {away_m:.0f} 米外", en=f"was {away_m:.0f} m from there just now")]
        if away_m is not None
        else []
    )
    parts = [Text(zh=f"{duty.zh}{name.zh}", en=f"{duty.en}, of the {name.en}"), load, *near]
    return Text(zh="，".join(p.zh for p in parts), en=", ".join(p.en for p in parts))

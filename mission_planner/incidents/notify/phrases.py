"""Who is told of an incident, when again, and when together: the sentences of tellings, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from mission_planner.people.phrases import whom
from mission_planner.people.roles import Role
from mission_planner.wording import length_text
from patrol_core.site import Text

# --- who is told -------------------------------------------------------------------------------------------------


def told(roles: Sequence[Role], waited_s: float, missed: int, on_duty: Sequence[str] = ()) -> Text:
    """Nobody has it; somebody is told again."""
    who = whom(roles, on_duty)
    length = length_text(waited_s)
    again = Text(zh=f"（停机期间错过 {missed} 次提醒）", en=f" ({missed} reminders missed while the center was away)")
    return Text(
        zh=f"{length.zh}无人接手，已提醒：{who.zh}" + (again.zh if missed else ""),
        en=f"Nobody has had it for {length.en}; told: {who.en}" + (again.en if missed else ""),
    )


def told_at_once(roles: Sequence[Role], on_duty: Sequence[str] = ()) -> Text:
    """A second source says so: nobody waits."""
    who = whom(roles, on_duty)
    return Text(zh=f"第二个独立来源证实，立即提醒：{who.zh}", en=f"A second source says so; told at once: {who.en}")


def spread(roles: Sequence[Role], on_duty: Sequence[str] = ()) -> Text:
    """Somebody has it, and another home says so now."""
    who = whom(roles, on_duty)
    return Text(zh=f"另一户也报警，已提醒：{who.zh}", en=f"Another home reports it; told: {who.en}")


_TELLINGS = {
    "order": Text(zh="派您前往", en="You are sent there"),
    "handed_on": Text(zh="已改派别人前往，不再等您", en="Somebody else was sent instead of you"),
    "untaken": Text(zh="派出的人没有接单，当班没有别人可派", en="Who was sent does not answer; nobody else is on duty"),
    "acknowledge": Text(zh="已有人接手", en="Somebody has it"),
    "resolve": Text(zh="事件已结束", en="It is over"),
}


def telling(action: str, number: int) -> Text:
    """What a telling says, by what it asks for and which rung of the ladder it is."""
    if action == "order" and number > 0:
        return Text(zh="派您前往：还没有接单", en="You are sent there: you have not answered yet")
    if action in _TELLINGS:
        return _TELLINGS[action]
    if number == 0:
        return Text(zh="新报警，请接手", en="A new alarm: somebody must take it")
    return Text(zh=f"仍无人接手，第 {number} 次提醒", en=f"Still nobody has it: reminder {number}")


# --- a flood of alarms -------------------------------------------------------------------------------------------

NO_FLOOD = Text(zh="报警数量正常", en="No more alarms than people can take")
BUNDLED = Text(
    zh="报警泛滥：与本楼同类事件合并提醒", en="A flood of alarms: told together with its kind in this building"
)


def bundle_told(count: int) -> Text:
    """Tellings that were kept back are told together."""
    return Text(
        zh=f"报警泛滥：另有 {count} 次同类提醒合并于此", en=f"A flood of alarms: {count} more of its kind told here"
    )


def flood(recent: int, limit: int, bundled: int) -> Text:
    """More alarms than people can take."""
    return Text(
        zh=f"报警泛滥：10 分钟内 {recent} 起（上限 {limit}），已合并 {bundled} 次非生命类提醒；生命类照常逐一提醒",
        en=f"A flood of alarms: {recent} in 10 min (limit {limit}); {bundled} tellings bundled, none about life",
    )

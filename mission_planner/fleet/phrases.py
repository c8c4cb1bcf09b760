"""Why a robot cannot go, who is chosen and ordered, how a run fared: the sentences of fleet, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from mission_planner.wording import EN_JOIN, ZH_JOIN, joined, with_note, with_reason
from patrol_core.site import Text

# --- robots: why one cannot go -----------------------------------------------------------------------------------

NEVER_HEARD = Text(zh="从未上线", en="never heard of")
LINK_LOST = Text(zh="失联", en="link lost")  # its age stands beside the robot; a reason that counts seconds never rests
ROBOT_NOT_HEARD = Text(zh="与机器人失联", en="the robot is not heard")
NO_POSITION = Text(zh="位置未知", en="position unknown")
NO_BATTERY_READING = Text(zh="电量未知", en="battery unknown")
NOT_ON_GROUND = Text(zh="不是地面机器人", en="not a ground robot")
NO_WAY = Text(zh="没有可行路线", en="no lane leads there")
ATTENDING = Text(zh="正守在自己看到的人旁边", en="is beside somebody it saw itself")
VERIFYING = Text(zh="正在查看另一处", en="is looking at another incident")
PATROLLING = Text(zh="正在巡逻", en="is on a patrol")


def battery_below(pct: float, limit_pct: float) -> Text:
    """Not enough to drive."""
    return Text(zh=f"电量 {pct:.0f} %，低于 {limit_pct:.0f} %", en=f"battery {pct:.0f} %, below {limit_pct:.0f} %")


def charging_below(pct: float, limit_pct: float) -> Text:
    """Charging, and not full enough to be taken away."""
    return Text(
        zh=f"正在充电，电量 {pct:.0f} %，低于 {limit_pct:.0f} %",
        en=f"charging at {pct:.0f} %, below {limit_pct:.0f} %",
    )


def holding(because: Text) -> Text:
    """Told or forced to stand."""
    return with_reason(Text(zh="原地待命", en="holding"), because)


# --- dispatch ----------------------------------------------------------------------------------------------------


def chosen(near: Sequence[tuple[Text, float]], unable: Sequence[tuple[Text, Text]]) -> Text:
    """The nearest able robot first, then who was further, then who could not."""
    zh = "最近且可用：" + ZH_JOIN.join(f"{name.zh} {m:.0f} m" for name, m in near)
    en = "Nearest able: " + EN_JOIN.join(f"{name.en} {m:.0f} m" for name, m in near)
    return joined([Text(zh=zh, en=en), *(_cannot(name, why) for name, why in unable)])


def nobody_able(unable: Sequence[tuple[Text, Text]]) -> Text:
    """Why each robot cannot go."""
    if not unable:
        return Text(zh="园区没有机器人", en="The site has no robots")
    head = Text(zh="暂无可派的机器人", en="No robot can go now")
    return joined([head, *(_cannot(name, why) for name, why in unable)])


def _cannot(name: Text, why: Text) -> Text:
    return Text(zh=f"{name.zh}不可用：{why.zh}", en=f"{name.en} cannot: {why.en}")


# --- patrols and runs --------------------------------------------------------------------------------------------

NO_VIEWPOINT_LEFT = Text(zh="园区已没有此巡逻的任何检查点", en="The site has none of this patrol's viewpoints any more")


def assigned(names: Sequence[Text], viewpoints: int) -> Text:
    """Who patrols."""
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return Text(zh=f"{zh} 分担 {viewpoints} 个检查点", en=f"{en} share {viewpoints} viewpoints")


def fewer_robots(wanted: int, got: int, unable: Sequence[tuple[Text, Text]]) -> Text:
    """Went with fewer robots than wanted."""
    head = Text(zh=f"需要 {wanted} 台，实际 {got} 台", en=f"{wanted} robots wanted, {got} able")
    return joined([head, *(_cannot(name, why) for name, why in unable)])


def unknown_viewpoints(ids: Sequence[str]) -> Text:
    """Viewpoints that the site no longer has."""
    names = ", ".join(ids)
    return Text(zh=f"园区已没有检查点：{names}", en=f"The site no longer has: {names}")


def by_hand(who: str) -> Text:
    """Someone pressed the button."""
    return Text(zh=f"由 {who} 手动开始", en=f"Started by {who}")


def mission_ended_badly(robot: Text, state_zh: str, state_en: str, because: Text) -> Text:
    """A mission of a run that was not done."""
    zh, en = f"{robot.zh}：任务{state_zh}", f"{robot.en}: mission {state_en}"
    return Text(zh=f"{zh}（{because.zh}）", en=f"{en} ({because.en})") if because else Text(zh=zh, en=en)


# --- orders ------------------------------------------------------------------------------------------------------

ROBOT_FORGOT = Text(zh="机器人没有这个任务，已重新下达", en="the robot had lost the mission: ordered again")
NOT_OF_THIS_SITE = Text(zh="机器人已不在园区名单中", en="the robot is none of the site's any more")
CANCEL_ORDERED = Text(zh="已下令取消，等待机器人确认", en="ordered to cancel; the robot has not confirmed it yet")
INCIDENT_ENDED = Text(zh="结束了事件", en="incident ended")
RELEASED = Text(zh="让它离开", en="released")


def look_name(place: Text | None, kind: Text) -> Text:
    """The name of a verify mission."""
    if place is None:
        return Text(zh=f"查看 {kind.zh}", en=kind.en)
    return Text(zh=f"查看 {place.zh} {kind.zh}", en=f"{kind.en}, {place.en}")


def ordered(by: str, note: str, verb: Text) -> Text:
    """A person's order."""
    return with_note(Text(zh=f"{by} {verb.zh}", en=f"{verb.en} by {by}"), note)

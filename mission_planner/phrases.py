"""Every sentence the center gives as a reason, in both languages of the console, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mission_planner.people.roles import Role
from patrol_core.incident import Certainty
from patrol_core.site import Text

ZH_JOIN, EN_JOIN = "；", "; "


def joined(parts: Sequence[Text]) -> Text:
    """Sentences in a row."""
    return Text(zh=ZH_JOIN.join(p.zh for p in parts), en=EN_JOIN.join(p.en for p in parts))


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
ON_A_MISSION = Text(zh="还有未结束的任务", en="has a mission that has not ended")
NOT_WANTED = Text(zh="不在此巡逻的机器人名单内", en="is not among the robots of this patrol")


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


def assigned(names: Sequence[Text], viewpoints: int) -> Text:
    """Who patrols."""
    zh, en = "、".join(n.zh for n in names), ", ".join(n.en for n in names)
    return Text(zh=f"{zh} 分担 {viewpoints} 个检查点", en=f"{en} share {viewpoints} viewpoints")


def fewer_robots(wanted: int, got: int, unable: Sequence[tuple[Text, Text]]) -> Text:
    """Went with fewer robots than wanted."""
    head = Text(zh=f"需要 {wanted} 台，实际 {got} 台", en=f"{wanted} robots wanted, {got} able")
    return joined([head, *(_cannot(name, why) for name, why in unable)])


STILL_RUNNING = Text(zh="上一次巡逻尚未结束，按策略跳过", en="The run before has not ended; skipped by policy")
WAITS_FOR_LAST = Text(zh="等待上一次巡逻结束", en="Waits for the run before to end")
ONE_WAITS = Text(zh="已有一次在等待上一次巡逻结束", en="Another run already waits for the one before")
MISSED = Text(zh="到点时中心未能执行，按策略跳过", en="The center could not start it in time; skipped by policy")
MISSED_SUPERSEDED = Text(zh="错过，只补最近一次", en="Missed; only the newest one is made up for")
NO_VIEWPOINT_LEFT = Text(zh="园区已没有此巡逻的任何检查点", en="The site has none of this patrol's viewpoints any more")
NEVER_AGAIN = Text(zh="日程已经结束，不会再有下一次", en="The schedule has ended; there is no next run")
DISABLED = Text(zh="已停用", en="Disabled")


def more_missed(count: int) -> Text:
    """Many occurrences in one record."""
    return Text(zh=f"连同此前共错过 {count} 次", en=f"{count} runs were missed up to here")


def unknown_viewpoints(ids: Sequence[str]) -> Text:
    """Viewpoints that the site no longer has."""
    names = ", ".join(ids)
    return Text(zh=f"园区已没有检查点：{names}", en=f"The site no longer has: {names}")


def by_hand(who: str) -> Text:
    """Someone pressed the button."""
    return Text(zh=f"由 {who} 手动开始", en=f"Started by {who}")


def missions_ended(bad: Sequence[Text]) -> Text:
    """Why a run did not go through."""
    return joined(bad)


def mission_ended_badly(robot: Text, state_zh: str, state_en: str, because: Text) -> Text:
    """A mission of a run that was not done."""
    zh, en = f"{robot.zh}：任务{state_zh}", f"{robot.en}: mission {state_en}"
    return Text(zh=f"{zh}（{because.zh}）", en=f"{en} ({because.en})") if because else Text(zh=zh, en=en)


# --- orders ------------------------------------------------------------------------------------------------------


def look_name(place: Text | None, kind: Text) -> Text:
    """The name of a verify mission."""
    if place is None:
        return Text(zh=f"查看 {kind.zh}", en=kind.en)
    return Text(zh=f"查看 {place.zh} {kind.zh}", en=f"{kind.en}, {place.en}")


def ordered(by: str, note: str, verb: Text) -> Text:
    """A person's order."""
    return with_note(Text(zh=f"{by} {verb.zh}", en=f"{verb.en} by {by}"), note)


ROBOT_FORGOT = Text(zh="机器人没有这个任务，已重新下达", en="the robot had lost the mission: ordered again")
NOT_OF_THIS_SITE = Text(zh="机器人已不在园区名单中", en="the robot is none of the site's any more")
CANCEL_ORDERED = Text(zh="已下令取消，等待机器人确认", en="ordered to cancel; the robot has not confirmed it yet")
INCIDENT_ENDED = Text(zh="结束了事件", en="incident ended")
RELEASED = Text(zh="让它离开", en="released")

# --- incidents ---------------------------------------------------------------------------------------------------


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


INCIDENT_ENDED = Text(zh="事件已结束", en="the incident has ended")


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


def robot_sent(robot: Text, because: Text) -> Text:
    """Somebody goes to look."""
    return Text(zh=f"派 {robot.zh} 前往查看（{because.zh}）", en=f"{robot.en} sent to look ({because.en})")


def photo_came(robot: Text) -> Text:
    """The proof."""
    return Text(zh=f"{robot.zh} 发回现场照片", en=f"{robot.en} sent a photo of the place")


def look_failed(robot: Text, because: Text) -> Text:
    """No picture from this robot."""
    return with_reason(Text(zh=f"{robot.zh} 未能查看", en=f"{robot.en} could not look"), because)


NOT_REACHED = Text(zh="失联，没有接到指令", en="link lost before it took the order")
NO_STANDING_PLACE = Text(zh="路网上没有能看到该处的位置", en="No place on the lanes faces it")
NO_POSITION_OF_INCIDENT = Text(zh="事件位置未知，无法派机器人", en="The place is unknown; no robot can be sent")
ALL_TRIED = Text(zh="能去的机器人都试过了", en="Every robot that could go has tried")
ENDED_BEFORE_LOOK = Text(zh="事件已结束，不再查看", en="The incident ended before a robot had looked")
ACKNOWLEDGED = Text(zh="已接手", en="Acknowledged")
CLOSED = Text(zh="已关闭", en="Closed")
FALSE_ALARM = Text(zh="判为误报", en="Marked as a false alarm")
REOPENED = Text(zh="重新打开", en="Reopened")
VERIFYING_IT = Text(zh="正在核实", en="Being verified")
ARRIVED = Text(zh="已到场", en="On scene")
RESOLVED = Text(zh="已处置", en="Resolved")
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


def with_note(text: Text, note: str) -> Text:
    """What was done, and the words given for it."""
    return with_reason(text, Text.same(note))


def with_reason(text: Text, because: Text) -> Text:
    """What happened, and why, where there is a reason."""
    return Text(zh=f"{text.zh}：{because.zh}", en=f"{text.en}: {because.en}") if because else text


# --- who is sent -------------------------------------------------------------------------------------------------


def person_sent(name: str, because: Text) -> Text:
    """A person has the order to go there."""
    return Text(zh=f"派 {name} 前往（{because.zh}）", en=f"{name} sent ({because.en})")


def took_order(name: str) -> Text:
    """The person says that they go."""
    return Text(zh=f"{name} 已接单，正在前往", en=f"{name} has the order and is on the way")


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
    length, who = length_text(waited_s), _told_whom(roles, on_duty)
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


WENT_UNASKED = Text(zh="自行前往", en="went without being sent")


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


# --- who is told -------------------------------------------------------------------------------------------------

ROLE_NAMES: Mapping[Role, Text] = {
    Role.ADMIN: Text(zh="负责人", en="those who answer for the site"),
    Role.OPERATOR: Text(zh="值班员", en="operators"),
    Role.FIELD: Text(zh="网格员", en="field workers"),
    Role.FAMILY: Text(zh="家属", en="family"),
    Role.VIEWER: Text(zh="观看者", en="viewers"),
}


def told(roles: Sequence[Role], waited_s: float, missed: int, on_duty: Sequence[str] = ()) -> Text:
    """Nobody has it; somebody is told again."""
    who = _told_whom(roles, on_duty)
    length = length_text(waited_s)
    again = Text(zh=f"（停机期间错过 {missed} 次提醒）", en=f" ({missed} reminders missed while the center was away)")
    return Text(
        zh=f"{length.zh}无人接手，已提醒：{who.zh}" + (again.zh if missed else ""),
        en=f"Nobody has had it for {length.en}; told: {who.en}" + (again.en if missed else ""),
    )


def told_at_once(roles: Sequence[Role], on_duty: Sequence[str] = ()) -> Text:
    """A second source says so: nobody waits."""
    who = _told_whom(roles, on_duty)
    return Text(zh=f"第二个独立来源证实，立即提醒：{who.zh}", en=f"A second source says so; told at once: {who.en}")


def spread(roles: Sequence[Role], on_duty: Sequence[str] = ()) -> Text:
    """Somebody has it, and another home says so now."""
    who = _told_whom(roles, on_duty)
    return Text(zh=f"另一户也报警，已提醒：{who.zh}", en=f"Another home reports it; told: {who.en}")


_TELLINGS = {
    "order": Text(zh="派您前往", en="You are sent there"),
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


def _told_whom(roles: Sequence[Role], on_duty: Sequence[str]) -> Text:
    """Roles, and who of them is on duty now."""
    zh, en = "、".join(ROLE_NAMES[r].zh for r in roles), ", ".join(ROLE_NAMES[r].en for r in roles)
    if not on_duty:
        return Text(zh=zh, en=en)
    return Text(zh=f"{zh}（当班：{'、'.join(on_duty)}）", en=f"{en} (on duty: {', '.join(on_duty)})")


def length_text(length_s: float) -> Text:
    """A length of time as people say it."""
    if length_s < 120:
        return Text(zh=f"{length_s:.0f} 秒", en=f"{length_s:.0f} s")
    if length_s < 7200:
        return Text(zh=f"{length_s / 60:.0f} 分钟", en=f"{length_s / 60:.0f} min")
    return Text(zh=f"{length_s / 3600:.0f} 小时", en=f"{length_s / 3600:.0f} h")


# --- fixed sensors: how they fare --------------------------------------------------------------------------------

DEVICE_OK = Text(zh="正常", en="ok")
DEVICE_NEVER_HEARD = Text(zh="从未收到消息", en="never heard")


def device_silent(silent_s: float) -> Text:
    """No word for too long."""
    length = length_text(silent_s)
    return Text(zh=f"已 {length.zh}没有消息", en=f"silent for {length.en}")


def device_battery(pct: float) -> Text:
    """Soon it will be silent."""
    return Text(zh=f"电量低：{pct:.0f} %", en=f"battery low: {pct:.0f} %")


# --- live video: why there is no picture ---------------------------------------------------------------------------


def video_full(limit: int) -> Text:
    """As many as the center keeps account of are watching."""
    return Text(
        zh=f"中心已有 {limit} 路画面在播放，达到上限",
        en=f"{limit} viewers are watching, which is the limit of this center",
    )


def video_offline(robot_id: str, silence_s: float | None) -> Text:
    """The robot is not heard."""
    if silence_s is None:
        return Text(zh=f"机器人 {robot_id} 失联：从未上线", en=f"robot {robot_id} is offline: it never reported")
    return Text(
        zh=f"机器人 {robot_id} 失联：{silence_s:.0f} 秒没有消息",
        en=f"robot {robot_id} is offline: nothing heard for {silence_s:.0f} s",
    )


def video_unanswered(robot_id: str, after_s: float) -> Text:
    """The robot took too long."""
    return Text(
        zh=f"机器人 {robot_id} 在 {after_s:g} 秒内没有应答",
        en=f"robot {robot_id} did not answer within {after_s:g} s",
    )


def video_refused(robot_id: str, because: Text) -> Text:
    """The robot said no."""
    return Text(zh=f"机器人 {robot_id}：{because.zh}", en=f"robot {robot_id}: {because.en}")


def video_missing(robot_id: str) -> Text:
    """Nobody on the robot serves video."""
    return Text(
        zh=f"机器人 {robot_id} 没有视频：它的视频进程不在",
        en=f"robot {robot_id} has no video: its media process is not there",
    )


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


def device_condition(cause: str, value: float | None, count: int) -> Text:
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


def saw_nothing(name: Text) -> Text:
    """A robot was there and denies it."""
    return Text(zh=f"{name.zh}到场查看，未见异常", en=f"{name.en} looked and saw nothing")


def noticed(name: Text, note: Text) -> Text:
    """The clock noticed something about a device."""
    return Text(zh=f"{name.zh}：{note.zh}", en=f"{name.en}: {note.en}")

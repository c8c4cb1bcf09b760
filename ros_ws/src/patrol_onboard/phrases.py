"""The sentences a robot gives as its reasons, in both languages; the console shows them as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from patrol_core.kind import KINDS, IncidentKind
from patrol_core.mission import LedgerEntry, Mission, MissionKind, Outcome
from patrol_core.site import NO_WORDS, Text

if TYPE_CHECKING:
    from patrol_onboard.attention import HeldSighting

KIND_NAMES = {
    MissionKind.PATROL: Text(zh="巡逻", en="patrol"),
    MissionKind.VERIFY: Text(zh="查看任务", en="look"),
}


def said_by(error: Exception) -> Text:
    """The reason an error carries; in its own words where it carries none in both languages."""
    reason = error.args[0] if error.args else None
    return reason if isinstance(reason, Text) else Text.same(str(error))


# Why an order was refused

NOT_COMPLETE = Text(
    zh="指令不完整：缺少任务编号、任务类型或检查点",
    en="the order is incomplete: mission id, kind or checkpoints are missing",
)
TWIN_CHECKPOINTS = Text(zh="指令有误：同一任务中检查点编号重复", en="the order names one checkpoint twice")
BATTERY_UNKNOWN_NO_START = Text(zh="电量未知，不能开始巡逻", en="battery unknown: no patrol can start")
BATTERY_UNKNOWN_NO_RESUME = Text(zh="电量未知，暂不能继续巡逻", en="battery unknown: the patrol cannot go on yet")
NO_SUCH_MISSION = Text(zh="机器人没有这个任务", en="the robot has no such mission")


def busy(mission: Mission) -> Text:
    """Another mission of the kind is not over yet."""
    named = _named(mission)
    return Text(zh=f"{named.zh}还没有结束", en=f"{named.en} has not ended yet")


def already_ended(mission: Mission) -> Text:
    """The order is about a mission that is over."""
    named = _named(mission)
    return Text(zh=f"{named.zh}已经结束", en=f"{named.en} has ended already")


def battery_too_low(pct: float, limit_pct: float) -> Text:
    """The battery does not allow what the order asks."""
    return Text(
        zh=f"电量 {pct:.0f} %，低于 {limit_pct:.0f} %，不能出发",
        en=f"battery {pct:.0f} %, below {limit_pct:.0f} %: it cannot set out",
    )


# Why a sentence was not said

NOTHING_TO_SAY = Text(
    zh="指令有误：没有可说的话，或者太长", en="the order has no words to say, or too many, or names no language"
)
STILL_SAYING = Text(zh="上一句话还没有说完", en="another sentence is not over yet")
SAYS_SOMETHING_URGENT = Text(zh="被更紧急的话代替", en="a more urgent sentence took its place")
NOT_SAID_IN_TIME = Text(
    zh="扬声器没有及时开始，话已过时，不再说", en="it could not be said in time; said later it would mislead"
)
VOICE_FELL_SILENT = Text(
    zh="扬声器没有回应，不知道是否说完", en="the voice fell silent; nobody knows whether it was heard"
)

# Why a mission is in its state


def going_to_look(look: Mission) -> Text:
    """A patrol made way for a look at an incident; the look's own reason says why it is this robot that goes."""
    zh = f"去{look.name.zh}" if look.name.zh.startswith("查看") else f"去查看「{look.name.zh}」"
    return Text(zh=zh, en=f"goes to look: {look.name.en}")


def verifying_first(name: Text) -> Text:
    """A patrol waits for the look at an incident."""
    return Text(zh=f"先完成查看任务「{name.zh}」", en=f'finishes "{name.en}" first')


def to_charge(pct: float, limit_pct: float, resume_pct: float) -> Text:
    """A mission waits for the battery."""
    return Text(
        zh=f"电量 {pct:.0f} %，低于 {limit_pct:.0f} %，回坞充电到 {resume_pct:.0f} % 后继续",
        en=f"battery {pct:.0f} %, below {limit_pct:.0f} %: charges to {resume_pct:.0f} %, then goes on",
    )


SEEN_NAMES = {  # what the eyes say; other kinds by their name
    IncidentKind.PERSON_FALLEN: Text(zh="有人摔倒", en="somebody has fallen")
}
RELEASE_FIRST = Text(
    zh="正守在自己看到的人旁边，请先让它离开，再召回充电",
    en="it stays beside whom it saw: release it, then call it back",
)
OCCUPIED = Text(zh="正在处理自己看到的情况，不能去查看别处", en="it is busy with what it saw and cannot look elsewhere")


def stopped_for(held: HeldSighting) -> Text:
    """A mission waits for what the robot's eyes saw."""
    name = _seen(held)
    if held.confirmed:
        return Text(zh=f"停下：{name.zh}，守在旁边", en=f"stopped: {name.en}, it stays beside them")
    doubt = Text(zh=f"停下：疑似{name.zh}", en=f"stopped: perhaps {name.en}")
    if held.told:
        return Text(zh=f"{doubt.zh}，等人来看", en=f"{doubt.en}, it waits for people to look")
    return Text(zh=f"{doubt.zh}，靠近看", en=f"{doubt.en}, it goes nearer")


BATTERY_UNKNOWN = Text(zh="电量未知，回坞等待，恢复读数后继续", en="battery unknown: waits in its dock for a reading")
TOLD_TO_STAND = Text(zh="按指令暂停", en="told to stand")
TOLD_TO_DOCK = Text(zh="按指令回坞", en="told to dock")
CANCELLED = Text(zh="按指令取消", en="told to cancel")


def mission_done(entries: Iterable[LedgerEntry]) -> Text:
    """What became of a mission; empty when every checkpoint was seen."""
    outcomes = [e.outcome for e in entries]
    skipped, blind = outcomes.count(Outcome.SKIPPED), outcomes.count(Outcome.NO_EVIDENCE)
    parts = [
        *[Text(zh=f"{skipped} 个检查点未能到达", en=f"{skipped} not reached")] * (skipped > 0),
        *[Text(zh=f"{blind} 个没有可用照片", en=f"{blind} without a usable photo")] * (blind > 0),
    ]
    if not parts:
        return NO_WORDS
    return Text(zh=f"已结束：{'，'.join(p.zh for p in parts)}", en=f"ended: {', '.join(p.en for p in parts)}")


# Why a checkpoint has no picture


def not_reached(attempts: int, because: Text) -> Text:
    """A checkpoint was given up."""
    return Text(zh=f"尝试 {attempts} 次未能到达：{because.zh}", en=f"not reached in {attempts} tries: {because.en}")


def not_there(distance_m: float) -> Text:
    """Navigation says it arrived, localisation says otherwise."""
    return Text(
        zh=f"导航报告已到达，但距目标还有 {distance_m:.1f} 米",
        en=f"navigation says it arrived, but the goal is {distance_m:.1f} m away",
    )


POSE_UNKNOWN = Text(
    zh="导航报告已到达，但机器人位置未知", en="navigation says it arrived, but the robot's place is unknown"
)

# What navigation says

NAVIGATION_MISSING = Text(zh="导航没有响应", en="navigation does not answer")
NAVIGATION_SILENT = Text(zh="导航长时间没有消息", en="nothing came from navigation for too long")
GOAL_REJECTED = Text(zh="导航拒绝了目标", en="navigation rejected the goal")
GOAL_CANCELLED_ELSEWHERE = Text(zh="导航目标被别处取消", en="somebody else cancelled the goal")


def goal_aborted(said: str) -> Text:
    """Navigation gave up, in its own words if it has some."""
    return Text(
        zh=f"导航放弃了目标：{said or '没有通路或长时间没有进展'}",
        en=f"navigation gave up the goal: {said or 'no way there, or no progress for too long'}",
    )


# What the camera says

NO_FRAME = Text(zh="相机没有画面", en="no picture comes from the camera")
STALE_FRAME = Text(zh="相机画面不是到达后的新画面", en="no new picture came after the arrival")
DARK = Text(zh="画面过暗，相机可能被遮挡", en="the picture is dark: the camera may be covered")
UNIFORM = Text(zh="画面没有内容，相机可能被遮挡", en="the picture shows nothing: the camera may be covered")
BLURRED = Text(zh="画面模糊", en="the picture is blurred")
NOT_A_PICTURE = Text(zh="相机画面格式不受支持", en="the camera's picture has a format that is not supported")
PHOTO_STORE_FULL = Text(zh="照片存储已满，等待上传", en="the photo store is full until pictures are uploaded")
PHOTO_NOT_KEPT = Text(zh="照片未能写入存储", en="the photo could not be stored")

# Why the robot does what it does

STOPPED = Text(zh="急停已按下", en="the emergency stop is pressed")
LINK_LOST_TO_DOCK = Text(zh="与中心失联，回坞等待", en="the center is not heard: waits in its dock")
IDLE_TO_DOCK = Text(zh="没有任务，回坞待命", en="no mission: goes to its dock")
NOT_CHARGING = Text(zh="在充电坞但没有充电，稍后重新对接", en="in its dock but not charging: docks again soon")


def coming_near(held: HeldSighting) -> Text:
    """On the way to whom the eyes saw."""
    name = _seen(held)
    if held.confirmed:
        return Text(zh=f"{name.zh}，正在靠近", en=f"{name.en}, it comes near")
    return Text(zh=f"疑似{name.zh}，靠近看", en=f"perhaps {name.en}, it goes nearer")


def watching(held: HeldSighting) -> Text:
    """As near as it gets."""
    name = _seen(held)
    return Text(zh=f"疑似{name.zh}，正在看清", en=f"perhaps {name.en}, it looks closely")


def attending(held: HeldSighting) -> Text:
    """Beside somebody."""
    name = _seen(held)
    if held.confirmed:
        return Text(zh=f"{name.zh}，守在旁边等人来", en=f"{name.en}, it stays until people come")
    return Text(zh=f"疑似{name.zh}，看不清，等人来看", en=f"perhaps {name.en}, it cannot tell: people must look")


def battery_warns(because: Text, pct: float, floor_pct: float) -> Text:
    """It stays, and says what will end that."""
    return Text(
        zh=f"{because.zh}；电量 {pct:.0f} %，低于 {floor_pct:.0f} % 时回坞充电",
        en=f"{because.en}; battery {pct:.0f} %, it leaves to charge below {floor_pct:.0f} %",
    )


def left_to_charge(held: HeldSighting, floor_pct: float, resume_pct: float) -> Text:
    """The battery ended it."""
    name = _seen(held)
    return Text(
        zh=f"{name.zh}处需要人，但电量低于 {floor_pct:.0f} %，回坞充电到 {resume_pct:.0f} % 后再去",
        en=f"{name.en} and needs people, but the battery is below {floor_pct:.0f} %: back when at {resume_pct:.0f} %",
    )


def _seen(held: HeldSighting) -> Text:
    return SEEN_NAMES.get(held.kind, KINDS[held.kind].name)


def heading_to(mission: Mission, name: Text) -> Text:
    """On the way to a checkpoint."""
    named = _named(mission)
    return Text(zh=f"{named.zh}：前往 {name.zh}", en=f"{named.en}: to {name.en}")


def looking_at(mission: Mission, name: Text) -> Text:
    """At a checkpoint."""
    named = _named(mission)
    return Text(zh=f"{named.zh}：查看 {name.zh}", en=f"{named.en}: looks at {name.en}")


def asking_again(because: Text) -> Text:
    """Standing until navigation answers."""
    return Text(zh=f"{because.zh}，正在重试", en=f"{because.en}, asks again")


def dock_not_reached(because: Text) -> Text:
    """Standing until the next try to reach the dock."""
    return Text(
        zh=f"未能回到充电坞：{because.zh}，稍后重试", en=f"the dock was not reached: {because.en}; tries again soon"
    )


def _named(mission: Mission) -> Text:
    kind = KIND_NAMES[mission.kind]
    return Text(zh=f"{kind.zh}「{mission.name.zh}」", en=f'{kind.en} "{mission.name.en}"')

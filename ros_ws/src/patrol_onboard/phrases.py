"""The sentences a robot gives as its reasons; the console shows them as they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from patrol_core.kind import KINDS, IncidentKind
from patrol_core.mission import LedgerEntry, Mission, MissionKind, Outcome

if TYPE_CHECKING:
    from patrol_onboard.attention import HeldSighting

KIND_NAMES = {MissionKind.PATROL: "巡逻", MissionKind.VERIFY: "查看任务"}

# Why an order was refused

NOT_COMPLETE = "指令不完整：缺少任务编号、任务类型或检查点"
TWIN_CHECKPOINTS = "指令有误：同一任务中检查点编号重复"
BATTERY_UNKNOWN_NO_START = "电量未知，不能开始巡逻"
BATTERY_UNKNOWN_NO_RESUME = "电量未知，暂不能继续巡逻"
NO_SUCH_MISSION = "机器人没有这个任务"


def busy(mission: Mission) -> str:
    """Another mission of the kind is not over yet."""
    return f"{KIND_NAMES[mission.kind]}「{mission.name}」还没有结束"


def already_ended(mission: Mission) -> str:
    """The order is about a mission that is over."""
    return f"{KIND_NAMES[mission.kind]}「{mission.name}」已经结束"


def battery_too_low(pct: float, limit_pct: float) -> str:
    """The battery does not allow what the order asks."""
    return f"电量 {pct:.0f} %，低于 {limit_pct:.0f} %，不能出发"


# Why a mission is in its state


def going_to_look(look: Mission) -> str:
    """A patrol made way for a look at an incident; the look's own reason says why it is this robot that goes."""
    return f"去{look.name}" if look.name.startswith("查看") else f"去查看「{look.name}」"


def verifying_first(name: str) -> str:
    """A patrol waits for the look at an incident."""
    return f"先完成查看任务「{name}」"


def to_charge(pct: float, limit_pct: float, resume_pct: float) -> str:
    """A mission waits for the battery."""
    return f"电量 {pct:.0f} %，低于 {limit_pct:.0f} %，回坞充电到 {resume_pct:.0f} % 后继续"


SEEN_NAMES = {IncidentKind.PERSON_FALLEN: "有人摔倒"}  # what the eyes say; other kinds by their name
RELEASE_FIRST = "正守在自己看到的人旁边，请先让它离开，再召回充电"
OCCUPIED = "正在处理自己看到的情况，不能去查看别处"


def stopped_for(held: HeldSighting) -> str:
    """A mission waits for what the robot's eyes saw."""
    name = _seen(held)
    if held.confirmed:
        return f"停下：{name}，守在旁边"
    return f"停下：疑似{name}，等人来看" if held.told else f"停下：疑似{name}，靠近看"


BATTERY_UNKNOWN = "电量未知，回坞等待，恢复读数后继续"
TOLD_TO_STAND = "按指令暂停"
TOLD_TO_DOCK = "按指令回坞"
CANCELLED = "按指令取消"


def mission_done(entries: Iterable[LedgerEntry]) -> str:
    """What became of a mission; empty when every checkpoint was seen."""
    outcomes = [e.outcome for e in entries]
    skipped, blind = outcomes.count(Outcome.SKIPPED), outcomes.count(Outcome.NO_EVIDENCE)
    parts = [f"{skipped} 个检查点未能到达"] * (skipped > 0) + [f"{blind} 个没有可用照片"] * (blind > 0)
    return f"已结束：{'，'.join(parts)}" if parts else ""


# Why a checkpoint has no picture


def not_reached(attempts: int, because: str) -> str:
    """A checkpoint was given up."""
    return f"尝试 {attempts} 次未能到达：{because}"


def not_there(distance_m: float) -> str:
    """Navigation says it arrived, localisation says otherwise."""
    return f"导航报告已到达，但距目标还有 {distance_m:.1f} 米"


POSE_UNKNOWN = "导航报告已到达，但机器人位置未知"

# What navigation says

NAVIGATION_MISSING = "导航没有响应"
NAVIGATION_SILENT = "导航长时间没有消息"
GOAL_REJECTED = "导航拒绝了目标"
GOAL_CANCELLED_ELSEWHERE = "导航目标被别处取消"


def goal_aborted(said: str) -> str:
    """Navigation gave up, in its own words if it has some."""
    return f"导航放弃了目标：{said or '没有通路或长时间没有进展'}"


# What the camera says

NO_FRAME = "相机没有画面"
STALE_FRAME = "相机画面不是到达后的新画面"
DARK = "画面过暗，相机可能被遮挡"
UNIFORM = "画面没有内容，相机可能被遮挡"
BLURRED = "画面模糊"
NOT_A_PICTURE = "相机画面格式不受支持"
PHOTO_STORE_FULL = "照片存储已满，等待上传"
PHOTO_NOT_KEPT = "照片未能写入存储"

# Why the robot does what it does

STOPPED = "急停已按下"
LINK_LOST_TO_DOCK = "与中心失联，回坞等待"
IDLE_TO_DOCK = "没有任务，回坞待命"
NOT_CHARGING = "在充电坞但没有充电，稍后重新对接"


def coming_near(held: HeldSighting) -> str:
    """On the way to whom the eyes saw."""
    return f"{_seen(held)}，正在靠近" if held.confirmed else f"疑似{_seen(held)}，靠近看"


def watching(held: HeldSighting) -> str:
    """As near as it gets."""
    return f"疑似{_seen(held)}，正在看清"


def attending(held: HeldSighting) -> str:
    """Beside somebody."""
    return f"{_seen(held)}，守在旁边等人来" if held.confirmed else f"疑似{_seen(held)}，看不清，等人来看"


def battery_warns(because: str, pct: float, floor_pct: float) -> str:
    """It stays, and says what will end that."""
    return f"{because}；电量 {pct:.0f} %，低于 {floor_pct:.0f} % 时回坞充电"


def left_to_charge(held: HeldSighting, floor_pct: float, resume_pct: float) -> str:
    """The battery ended it."""
    return f"{_seen(held)}处需要人，但电量低于 {floor_pct:.0f} %，回坞充电到 {resume_pct:.0f} % 后再去"


def _seen(held: HeldSighting) -> str:
    return SEEN_NAMES.get(held.kind, KINDS[held.kind].name.zh)


def heading_to(mission: Mission, name: str) -> str:
    """On the way to a checkpoint."""
    return f"{KIND_NAMES[mission.kind]}「{mission.name}」：前往 {name}"


def looking_at(mission: Mission, name: str) -> str:
    """At a checkpoint."""
    return f"{KIND_NAMES[mission.kind]}「{mission.name}」：查看 {name}"


def asking_again(because: str) -> str:
    """Standing until navigation answers."""
    return f"{because}，正在重试"


def dock_not_reached(because: str) -> str:
    """Standing until the next try to reach the dock."""
    return f"未能回到充电坞：{because}，稍后重试"

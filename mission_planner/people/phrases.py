"""How people are called in sentences: roles, and who of them is on duty, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mission_planner.people.roles import Role
from patrol_core.site import Text

ROLE_NAMES: Mapping[Role, Text] = {
    Role.ADMIN: Text(zh="负责人", en="those who answer for the site"),
    Role.OPERATOR: Text(zh="值班员", en="operators"),
    Role.FIELD: Text(zh="网格员", en="field workers"),
    Role.FAMILY: Text(zh="家属", en="family"),
    Role.VIEWER: Text(zh="观看者", en="viewers"),
}


def whom(roles: Sequence[Role], on_duty: Sequence[str]) -> Text:
    """Roles, and who of them is on duty now."""
    zh, en = "、".join(ROLE_NAMES[r].zh for r in roles), ", ".join(ROLE_NAMES[r].en for r in roles)
    if not on_duty:
        return Text(zh=zh, en=en)
    return Text(zh=f"{zh}（当班：{'、'.join(on_duty)}）", en=f"{en} (on duty: {', '.join(on_duty)})")

"""Tells personal data from map data. Residents live in mission_planner/people, behind roles, each read recorded."""

from __future__ import annotations

import re

EXPECTED = "no personal data in a map (people live in mission_planner/people)"

_ENGLISH = (
    "resident residents person people owner tenant contact phone mobile tel telephone email wechat age gender health "
    "id_card id_number birthday birthdate diagnosis surname first_name last_name full_name"
)
_CHINESE = "姓名 住户 业主 租户 联系人 电话 手机 手机号 微信 身份证 身份证号 生日 年龄 性别 病史"
_KEYS = frozenset(f"{_ENGLISH} {_CHINESE}".split())
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")  # mainland China
_IDENTITY = re.compile(r"(?<!\d)[1-9]\d{16}[\dXx](?!\d)")  # GB 11643-1999


def is_personal_key(name: str) -> bool:
    """Whether a property of this name would tell of a person."""
    return name.lower() in _KEYS


def personal_number(text: str) -> str | None:
    """What sort of number a text holds, if one that belongs to a person; the number itself is not repeated."""
    if _IDENTITY.search(text):
        return "an identity number"
    return "a phone number" if _MOBILE.search(text) else None

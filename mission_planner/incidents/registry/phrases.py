"""What is wrong with a file of devices, in the words of whoever wrote it: what was expected, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from patrol_core.site import Text

# --- what came ---------------------------------------------------------------------------------------------------

NOTHING = Text(zh="空", en="nothing")
NONE = Text(zh="没有", en="none")
TWICE = Text(zh="出现两次", en="twice")
ONE_OF_THEM = Text(zh="只有一个", en="one of them")
BOTH = Text(zh="两种都有", en="both")
NEITHER = Text(zh="都没有", en="neither")
EMPTY_NAME = Text(zh="空列名", en="an empty name")
MAPPING = Text(zh="一组名和值", en="a mapping")
LIST = Text(zh="一个列表", en="a list")
ALIAS = Text(zh="一个别名", en="an alias")


def shown(value: str, at_most: int = 80) -> Text:
    """The value itself, so that blanks around it are seen."""
    return Text.same(repr(value)[:at_most])


def characters(count: int) -> Text:
    """So long is it."""
    return Text(zh=f"{count} 个字符", en=f"{count} characters")


def cells(count: int) -> Text:
    """So many are there."""
    return Text(zh=f"{count} 格", en=f"{count} cells")


def also_in(value: str, line: int) -> Text:
    """Another line has it, too."""
    return Text(zh=f"“{value}”，第 {line} 行也有", en=f'"{value}", which line {line} has, too')


def owned(value: str, owner: str) -> Text:
    """A registered device has it."""
    return Text(zh=f"“{value}”，已登记给“{owner}”", en=f'"{value}", which is the registered "{owner}"')


# --- what was expected -------------------------------------------------------------------------------------------

ID = Text(zh="1 到 64 个小写字母、数字、- 或 _，开头不能是 - 或 _", en="1 to 64 of a-z, 0-9, - and _, not - or _ first")
ID_ONCE = Text(zh="每个编号只出现一次", en="each id once")
NAME = Text(zh="至少一种语言的名称", en="a name in at least one language")
GATEWAY = Text(zh="1 到 64 个小写字母、数字、- 或 _", en="1 to 64 of a-z, 0-9, - and _")
EXTERNAL_ID = Text(zh="1 到 128 个字符，不含 + 和 #", en="1 to 128 characters without + and #")
EXTERNAL_ID_ONCE = Text(zh="每个外部编号只出现一次", en="each external id once")
EXTERNAL_ID_OWN = Text(zh="没有别的设备在用的外部编号", en="an external id of its own")
WITH_BUILDING = Text(zh="同时写楼栋（building）", en="a building with it")
BOTH_METRES = Text(zh="x_m 和 y_m 都写", en="both x_m and y_m")
BOTH_DEGREES = Text(zh="lat 和 lon 都写", en="both lat and lon")
EITHER = Text(zh="lat 和 lon，或者 x_m 和 y_m", en="lat and lon, or x_m and y_m")
POSITION = Text(
    zh="位置（lat 和 lon，或 x_m 和 y_m），或楼栋", en="a position (lat and lon, or x_m and y_m), or a building"
)
UTF_8 = Text(zh="UTF-8 编码（用 Excel 时请另存为“CSV UTF-8”）", en="UTF-8 (in Excel: save as “CSV UTF-8”)")
CSV = Text(zh="逗号分隔的表格（CSV，RFC 4180）", en="comma-separated values (RFC 4180)")
YAML = Text(zh="YAML 格式", en="YAML")
YAML_UTF_8 = Text(zh="UTF-8 编码的 YAML", en="YAML in UTF-8")
COLUMN_ONCE = Text(zh="每列只出现一次", en="each column once")
NAME_ONCE = Text(zh="每个名字只出现一次", en="each name once")
ONE_VALUE = Text(zh="一个值", en="one value")
DEVICE = Text(zh="一个设备：名和值", en="a device: names and values")
DEVICES = Text(zh="设备的列表", en="a list of devices")
DEVICES_KEY = Text(zh="一个列表，或“devices:”加一个列表", en='a list, or "devices:" and a list')
AT_LEAST_ONE = Text(zh="至少一个设备", en="at least one device")


def at_most_devices(count: int) -> Text:
    """On one site."""
    return Text(zh=f"一个社区最多 {count} 个设备", en=f"at most {count} devices on one site")


def at_most_characters(count: int) -> Text:
    """In one cell."""
    return Text(zh=f"最多 {count} 个可见字符", en=f"at most {count} printable characters")


def one_of(names: Sequence[str], came: str = "") -> Text:
    """One of these; what was probably meant comes first."""
    near = get_close_matches(came, names, n=1)
    known = ", ".join(names)
    if near:
        return Text(zh=f"可能是 {near[0]}；可用的有 {known}", en=f"{near[0]}, perhaps; one of {known}")
    return Text(zh=f"其中之一：{known}", en=f"one of {known}")


def column(name: str) -> Text:
    """It must be there."""
    return Text(zh=f"有“{name}”这一列", en=f'a column "{name}"')


def as_first_line(count: int) -> Text:
    """So many cells."""
    return Text(zh=f"{count} 格，与第一行一样", en=f"{count} cells, as in the first line")


def building_of(site_id: str, buildings: Iterable[str]) -> Text:
    """One of this site's."""
    known = ", ".join(list(buildings)[:12])
    return Text(zh=f"本社区的楼栋，如 {known}", en=f'a building of site "{site_id}", as {known}')


def unit_of(building_id: str, units: Iterable[str]) -> Text:
    """One of this building's."""
    known = ", ".join(units)
    return Text(zh=f"{building_id} 的单元：{known}", en=f"one of {known}, as building {building_id} has")


def floor_of(building_id: str, floors: int) -> Text:
    """Not above its roof."""
    return Text(zh=f"最高 {floors} 层（{building_id}）", en=f"at most {floors}, as building {building_id} has")


def within(km: float) -> Text:
    """Of the site's origin."""
    return Text(zh=f"离社区原点 {km:g} 公里以内", en=f"a place within {km:g} km of the site's origin")


def number(*, whole: bool, low: float | None, high: float | None) -> Text:
    """A number, between these where they are given."""
    zh, en = ("整数", "a whole number") if whole else ("数字", "a number")
    if low is None or high is None:
        return Text(zh=zh, en=en)
    return Text(zh=f"{low:g} 到 {high:g} 的{zh}", en=f"{en} from {low:g} to {high:g}")

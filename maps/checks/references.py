"""Ids that name another feature: they must name one, and one of the right sort."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from maps.reading.draft import Draft
from maps.reading.layers import NODE_REACH_M


def check(draft: Draft) -> None:
    """Lane ends, a viewpoint's subject, a robot's dock, the building of a place."""
    for lane in draft.lanes.values():
        for end, node_id, position_m in (("start", lane.start, lane.line[0]), ("end", lane.end, lane.line[-1])):
            if not _names_one(draft, lane.lane_id, end, node_id, ("lane node",)):
                continue
            gap_m = draft.nodes[node_id].distance_m(position_m) if node_id in draft.nodes else 0.0
            if gap_m > NODE_REACH_M:
                draft.wrong(
                    lane.lane_id,
                    expected=f'its {end} within {NODE_REACH_M:g} m of lane node "{node_id}"',
                    came=f"{gap_m:.1f} m",
                )
    for lane_id in draft.two_way:
        if f"{lane_id}-back" in draft.files:
            draft.wrong(lane_id, expected=f'"{lane_id}-back" free for its way back', came="a feature of that id")
    for viewpoint in draft.viewpoints.values():
        if viewpoint.looks_at is not None:
            subjects = ("building", "zone", "device", "camera", "spot", "dock")
            _names_one(draft, viewpoint.viewpoint_id, "looks_at", viewpoint.looks_at, subjects)
    for robot in draft.robots.values():
        _names_one(draft, robot.robot_id, "dock", robot.dock_id, ("dock",))
    for feature_id, place, _ in draft.placed():
        if place.building_id is not None:
            _names_one(draft, feature_id, "building", place.building_id, ("building",))


def _names_one(draft: Draft, feature_id: str, setting: str, named: str, nouns: Iterable[str]) -> bool:
    wanted = tuple(nouns)
    noun = draft.nouns.get(named)
    if noun in wanted:
        return True
    what = wanted[0] if len(wanted) == 1 else "building, zone, device or spot"
    if noun is not None:
        came = f'"{named}", which is a {noun}'
    else:
        near = difflib.get_close_matches(named, [i for i, n in draft.nouns.items() if n in wanted], n=1)
        came = f'"{named}", which is nowhere in the site' + (f'; did you mean "{near[0]}"?' if near else "")
    draft.wrong(feature_id, expected=f"the id of a {what} as {setting}", came=came)
    return False

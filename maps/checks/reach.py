"""Whether robots get there: every viewpoint and dock is reached from every dock on the lanes, and left again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import shapely

from maps import shapes
from maps.checks.obstacles import Obstacles
from maps.directions import way
from maps.reading.draft import Draft
from patrol_core.geometry import Point2

HOP_M = 15.0  # farthest that a robot leaves the lanes for a viewpoint or dock

Graph = Mapping[str, set[str]]


def check(draft: Draft, closed: Obstacles) -> None:
    """Lanes that lead nowhere, places far from a lane, places that no lane joins to every dock."""
    onward, backward = _graphs(draft)
    for node_id in draft.nodes:
        if not onward[node_id] and not backward[node_id]:
            draft.wrong(node_id, expected="a lane from or to this node", came="none")
    goals = {
        **{v.viewpoint_id: v.pose.point for v in draft.viewpoints.values()},
        **{d.dock_id: d.pose.point for d in draft.docks.values()},
    }
    if not draft.nodes:
        for goal_id in goals:
            draft.wrong(goal_id, expected="a lane node near it", came="a site without lanes")
        return
    nearest = _nearest(draft.nodes, goals)
    for goal_id, position_m in goals.items():
        _check_hop(draft, closed, goal_id, position_m, nearest[goal_id])
    _check_joined(draft, nearest, goals, (onward, backward))


def _check_joined(
    draft: Draft, nearest: Mapping[str, str], goals: Mapping[str, Point2], graphs: tuple[Graph, Graph]
) -> None:
    """Each goal is reached from the docks and left for them.

    Docks that most docks reach and return from stand for all of them: one dock with a broken spur is one problem, and
    not one for every viewpoint it cannot reach.
    """
    if not draft.docks:
        return
    onward, backward = graphs
    out = {dock_id: _reached(onward, nearest[dock_id]) for dock_id in draft.docks}
    home = {dock_id: _reached(backward, nearest[dock_id]) for dock_id in draft.docks}
    joined = {dock_id: sum(nearest[other] in out[dock_id] & home[dock_id] for other in out) for dock_id in out}
    dock_id = max(sorted(joined), key=lambda each: joined[each])
    dock = f'dock "{dock_id}" (node "{nearest[dock_id]}")'
    for goal_id, node_id in nearest.items():
        if node_id not in out[dock_id]:
            draft.wrong(
                goal_id,
                expected="a place that lanes lead to from every dock",
                came=f'none from {dock} to node "{node_id}"{_closest(draft, out[dock_id], goals[goal_id])}',
            )
        elif node_id not in home[dock_id]:
            draft.wrong(
                goal_id,
                expected="a place that lanes lead from to every dock",
                came=f'none from node "{node_id}" back to {dock}',
            )


def _graphs(draft: Draft) -> tuple[Graph, Graph]:
    onward: dict[str, set[str]] = {node_id: set() for node_id in draft.nodes}
    backward: dict[str, set[str]] = {node_id: set() for node_id in draft.nodes}
    for lane_id, lane in draft.lanes.items():
        if lane.start not in draft.nodes or lane.end not in draft.nodes:
            continue  # noted as a reference already
        onward[lane.start].add(lane.end)
        backward[lane.end].add(lane.start)
        if lane_id in draft.two_way:
            onward[lane.end].add(lane.start)
            backward[lane.start].add(lane.end)
    return onward, backward


def _reached(graph: Graph, start: str) -> set[str]:
    seen, front = {start}, [start]
    while front:
        for node_id in graph[front.pop()] - seen:
            seen.add(node_id)
            front.append(node_id)
    return seen


def _nearest(nodes: Mapping[str, Point2], goals: Mapping[str, Point2]) -> dict[str, str]:
    """The node nearest to each goal: the same as LaneGraph.nearest_node finds, which is where robots will turn off."""
    names = sorted(nodes)
    tree = shapely.STRtree([shapes.pin(nodes[node_id]) for node_id in names])
    candidates: dict[str, list[str]] = {goal_id: [] for goal_id in goals}
    goal_ids = list(goals)
    pairs = tree.query_nearest([shapes.pin(goals[goal_id]) for goal_id in goal_ids])
    for goal, node in zip(*pairs, strict=True):
        candidates[goal_ids[goal]].append(names[node])
    return {goal_id: min(found) for goal_id, found in candidates.items()}


def _closest(draft: Draft, reached: Iterable[str], position_m: Point2) -> str:
    node_id = min(reached, key=lambda each: (draft.nodes[each].distance_m(position_m), each))
    return f'; the nearest node it reaches, "{node_id}", is {way(position_m, draft.nodes[node_id])}'


def _check_hop(draft: Draft, closed: Obstacles, goal_id: str, position_m: Point2, node_id: str) -> None:
    """The straight way between a place and its lane node is short and free."""
    node_m = draft.nodes[node_id]
    hop_m = node_m.distance_m(position_m)
    if hop_m > HOP_M:
        draft.wrong(
            goal_id,
            expected=f"a lane node within {HOP_M:g} m",
            came=f'"{node_id}", the nearest, {way(position_m, node_m)}',
        )
    elif hop_m > 0 and closed.around(position_m) is None:  # inside one: noted as ground already
        for obstacle in closed.across((position_m, node_m))[:1]:
            draft.wrong(
                goal_id,
                expected=f'a free straight way to its lane node "{node_id}"',
                came=f"{obstacle.label} between them",
            )

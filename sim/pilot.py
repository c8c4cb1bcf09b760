"""Navigation of one robot: takes one goal at a time and steers by it; the same behind ROS and in rehearsals."""

from __future__ import annotations

from dataclasses import replace

from patrol_core.geometry import Pose2
from sim.navigator import Navigator, NavigatorPolicy, Steering, Verdict
from sim.route import RoutePlanner
from sim.world import World


class Pilot:
    """Not thread-safe: called by the owner of the world."""

    def __init__(self, world: World, robot_id: str, *, planner: RoutePlanner, policy: NavigatorPolicy) -> None:
        self.robot_id = robot_id
        self._world = world
        self._planner = planner
        self._policy = policy
        self._navigator: Navigator | None = None
        self._speed_limit_mps: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a goal is under way."""
        return self._navigator is not None

    def go(self, goal: Pose2) -> None:
        """Drive there from the next `steer` on; a goal under way is dropped.

        Raises:
            Unreachable: the goal touches a building or no lane leads there; nothing is under way then.
        """
        self._navigator = None
        self._navigator = Navigator(
            planner=self._planner,
            obstacles=self._world.obstacles,
            start=self._world.robot(self.robot_id).pose,
            goal=goal,
            now_s=self._world.elapsed_s,
            policy=self._limited(),
        )

    def limit(self, speed_mps: float | None) -> None:
        """No faster than this from now on, also on the way; None lifts the limit."""
        self._speed_limit_mps = speed_mps
        if self._navigator is not None:
            self._navigator.obey(self._limited())

    def cancel(self) -> None:
        """Drop the goal; nothing happens where none is under way."""
        self._navigator = None

    def steer(self) -> Steering | None:
        """What to do now; None without a goal. After a verdict other than driving the goal is gone."""
        if self._navigator is None:
            return None
        world = self._world
        steering = self._navigator.step(
            world.robot(self.robot_id).motion, world.seen_by(self.robot_id), world.elapsed_s
        )
        if steering.verdict is not Verdict.DRIVING:
            self._navigator = None
        return steering

    def _limited(self) -> NavigatorPolicy:
        if self._speed_limit_mps is None:
            return self._policy
        return replace(self._policy, cruise_mps=min(self._policy.cruise_mps, self._speed_limit_mps))


def pilots_for(world: World) -> dict[str, Pilot]:
    """One for each robot of a world, alike but for how soon each backs up: of two nose to nose one gives way first."""
    planner = RoutePlanner(world.site.lanes, world.obstacles)
    return {
        robot_id: Pilot(world, robot_id, planner=planner, policy=NavigatorPolicy(back_up_after_s=6.0 + 3.0 * (i % 4)))
        for i, robot_id in enumerate(sorted(world.robots))
    }

"""The renderer's own process: holds the stage and answers requests until the simulator closes the socket."""

from __future__ import annotations

import mmap
import signal
import sys
from multiprocessing.connection import Connection

import cv2
import numpy as np
import numpy.typing as npt

from maps.scene import Scene
from patrol_core.errors import PatrolError
from patrol_core.geometry import Pose2
from sim.renderer import FRAME_BYTES, Failed, FromPoint, FromRobot, Ready, Request, Seen, Setup, WhoIsSeen
from sim.scenery.paint import repaint
from sim.scenery.stage import Stage


def serve(connection: Connection, memory: mmap.mmap) -> None:
    """Answer requests until the other end closes."""
    try:
        setup: Setup = connection.recv()
        repaint(setup.world)
        stage = Stage(Scene.from_json(setup.scene_json), setup.smoke)
        connection.send(Ready())
        while True:
            request: Request = connection.recv()
            if isinstance(request, WhoIsSeen):
                connection.send(Seen(outlines=stage.outlines()))
                continue
            try:
                memory[:] = _drawn(stage, request).tobytes()
            except KeyError as error:
                connection.send(Failed(because=f"nothing named {error} in the view"))
                continue
            connection.send(Ready())
    except (EOFError, OSError):
        return  # the simulator ended
    except PatrolError as error:
        connection.send(Failed(because=str(error)))
    except Exception as error:
        connection.send(Failed(because=f"{type(error).__name__}: {error}"))
        raise


def _drawn(stage: Stage, request: FromRobot | FromPoint) -> npt.NDArray[np.uint8]:
    match request:
        case FromRobot():
            return stage.robot_camera(request.view, request.robot_id)
        case FromPoint():
            stage.set_scene(request.view, Pose2(x_m=request.x_m, y_m=request.y_m, heading_rad=request.heading_rad))
            return stage.shoot(request.x_m, request.y_m, request.z_m, request.heading_rad, request.tilt_rad)


def main() -> None:
    """The child's start: arguments are the numbers of the socket and of the shared memory."""
    cv2.setNumThreads(1)  # pictures are small; the other core belongs to the robots
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the simulator's business; it closes the socket
    connection = Connection(int(sys.argv[1]))
    serve(connection, mmap.mmap(int(sys.argv[2]), FRAME_BYTES))


if __name__ == "__main__":
    main()

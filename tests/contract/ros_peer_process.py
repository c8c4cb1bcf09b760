"""A process of zenoh-ros2-sdk, an independent implementation of the same wire: does what its standard input says.

Each line in is a JSON list, a verb and its arguments; each line out is a JSON list of what happened.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from zenoh_ros2_sdk import ROS2Publisher, ROS2ServiceClient, ROS2ServiceServer, ROS2Subscriber

STRING = {"msg_type": "std_msgs/msg/String", "msg_definition": "string data"}
COLOR = {"msg_type": "std_msgs/msg/ColorRGBA", "msg_definition": "float32 r\nfloat32 g\nfloat32 b\nfloat32 a"}
KINDS = {"String": STRING, "ColorRGBA": COLOR}
SET_BOOL = {
    "srv_type": "std_srvs/srv/SetBool",
    "request_definition": "bool data",
    "response_definition": "bool success\nstring message",
}


def say(*what: Any) -> None:
    """One line out."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(port: int, domain: int) -> None:
    """Obey until the input ends."""
    where = {"router_port": port, "domain_id": domain}
    kept: dict[str, Any] = {}

    def answer(request: Any) -> Any:
        response = kept["response"]
        return response(success=not request.data, message="from the peer")

    for line in sys.stdin:
        verb, name, *rest = json.loads(line)
        match verb:
            case "subscribe":

                def heard(message: Any, name: str = name, fields: list[str] = rest[1]) -> None:
                    say("heard", name, *(getattr(message, field) for field in fields))

                kept[name] = ROS2Subscriber(topic=name, callback=heard, **KINDS[rest[0]], **where)
                say("listening", name)
            case "advertise":
                kept[name] = ROS2Publisher(topic=name, node_name="peer_talker", **KINDS[rest[0]], **where)
                say("advertised", name, kept[name].type_hash)
            case "publish":
                kept[name].publish(**rest[0])
            case "serve":
                kept[name] = ROS2ServiceServer(service_name=name, callback=answer, **SET_BOOL, **where)
                kept["response"] = kept[name].response_msg_class
                say("serving", name, kept[name].type_hash)
            case "call":
                client = ROS2ServiceClient(service_name=name, **SET_BOOL, **where)
                response: Any = client.call(**rest[0])
                say("answered", name, None if response is None else [bool(response.success), response.message])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))

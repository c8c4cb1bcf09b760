"""TLS with certificates, and access control, from one settings file; the certificates are made with openssl."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from std_msgs.msg import String

import rclpy
from rclpy.context import Context
from rclpy.qos import DurabilityPolicy, QoSProfile
from ros_wire.config import session_config
from ros_wire.router import Router
from ros_wire.security import Security, SecurityError, read_security
from tests.helpers.waiting import eventually, free_port
from tests.unit.embedded.helpers import Ros

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificates")
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
ACCESS = '[access]\n"center" = ["/**"]\n"robot1" = ["/robot1/**", "/clock"]\n"robot2" = ["/robot2/**", "/clock"]\n'


def openssl(*arguments: str) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class Authority:
    """A CA that signs certificates of this machine by name."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        key, certificate = str(folder / "ca.key"), str(folder / "ca.pem")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        openssl("req", "-x509", *curve, "-keyout", key, "-out", certificate, "-subj", "/CN=test CA", "-days", "2")

    def settings(self, name: str, more: str = "", *, trusts: Authority | None = None, port: int = 0) -> Path:
        """The settings file of a newly made certificate."""
        key, request, certificate = (self.folder / f"{name}.{end}" for end in ("key", "csr", "pem"))
        names = self.folder / "names.cnf"
        names.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
        openssl("req", *curve, "-keyout", str(key), "-out", str(request), "-subj", f"/CN={name}")
        openssl(
            "x509", "-req", "-in", str(request), "-CA", str(self.folder / "ca.pem"), "-CAkey",
            str(self.folder / "ca.key"), "-CAcreateserial", "-days", "2", "-extfile", str(names),
            "-out", str(certificate),
        )  # fmt: skip
        path = self.folder / f"{name}.toml"
        connect = f'connect = ["tls/localhost:{port}"]\n' if port else ""
        root = (trusts or self).folder / "ca.pem"
        path.write_text(
            f'[tls]\nroot_ca = "{root}"\ncertificate = "{name}.pem"\nprivate_key = "{name}.key"\n{connect}{more}'
        )
        return path


class Fort:
    """A router that lets certificates of one CA in, and contexts that come with settings files."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.port = free_port()
        self.authority = Authority(folder / "ours")
        self.monkeypatch = monkeypatch
        self.opened: list[Ros] = []
        settings = self.authority.settings("localhost", ACCESS)
        self.router = Router(listen=[f"tls/127.0.0.1:{self.port}"], security=settings)
        monkeypatch.delenv("ZENOH_CONFIG_OVERRIDE", raising=False)

    def let_in(self, settings: Path) -> Ros:
        self.monkeypatch.setenv("ROS_WIRE_SECURITY", str(settings))
        ros = Ros(domain=3)
        self.opened.append(ros)
        return ros

    def named(self, name: str) -> Ros:
        return self.let_in(self.authority.settings(name, ACCESS, port=self.port))

    def close(self) -> None:
        for ros in self.opened:
            ros.close()
        self.router.close()


@pytest.fixture
def fort(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fort]:
    made = Fort(tmp_path, monkeypatch)
    yield made
    made.close()


def heard_by(ros: Ros, topic: str, qos: Any = 10) -> list[str]:
    node = ros.node("listener")
    heard: list[str] = []
    node.create_subscription(String, topic, lambda message: heard.append(message.data), qos)
    ros.spin(node)
    return heard


def test_a_robot_is_heard_on_its_own_names_and_the_shared_ones_only(fort: Fort) -> None:
    center, robot = fort.named("center"), fort.named("robot1")
    topics = ("/robot1/state", "/clock", "/robot2/state")
    heard = {topic: heard_by(center, topic) for topic in topics}
    node = robot.node("mission", namespace="/robot1")
    publishers = [node.create_publisher(String, topic, 10) for topic in topics]

    def those_allowed_came() -> bool:
        for publisher in publishers:
            publisher.publish(String(data="x"))
        return bool(heard["/robot1/state"] and heard["/clock"])

    eventually(those_allowed_came, every_s=0.1)
    assert heard["/robot2/state"] == []


def test_the_graph_is_seen_whole_and_latched_samples_pass(fort: Fort) -> None:
    robot, center = fort.named("robot1"), fort.named("center")
    node = robot.node("mission", namespace="/robot1")
    node.create_publisher(String, "description", LATCHED).publish(String(data="it is I"))
    watcher = center.node("watcher")
    assert watcher.wait_for_node("/robot1/mission", timeout=30)
    eventually(lambda: watcher.count_publishers("/robot1/description") == 1)
    heard = heard_by(center, "/robot1/description", LATCHED)
    eventually(lambda: heard == ["it is I"])
    assert node.wait_for_node("/watcher", timeout=30)


def test_a_robot_cannot_appear_under_anothers_name(fort: Fort) -> None:
    center, robot = fort.named("center"), fort.named("robot2")
    impostor, honest = robot.node("mission", namespace="/robot1"), robot.node("mission", namespace="/robot2")
    watcher = center.node("watcher")
    assert watcher.wait_for_node("/robot2/mission", timeout=30)
    assert "/robot1/mission" not in watcher.get_fully_qualified_node_names()
    assert impostor.get_fully_qualified_name() != honest.get_fully_qualified_name()


@pytest.mark.parametrize("who", ["no certificate", "a rogue of the same name", "nobody that is known", "plain tcp"])
def test_whoever_is_not_let_in_hears_and_sees_nothing(fort: Fort, tmp_path: Path, who: str) -> None:
    center = fort.named("center")
    center.node("center").create_publisher(String, "/robot1/secret", LATCHED).publish(String(data="secret"))
    if who == "a rogue of the same name":
        rogue = Authority(tmp_path / "rogue").settings("center", ACCESS, trusts=fort.authority, port=fort.port)
        stranger = fort.let_in(rogue)
    elif who == "nobody that is known":
        stranger = fort.named("stranger")
    else:
        fort.monkeypatch.delenv("ROS_WIRE_SECURITY")
        scheme = "tls" if who == "no certificate" else "tcp"
        root = json.dumps(str(fort.authority.folder / "ca.pem"))
        fort.monkeypatch.setenv(
            "ZENOH_CONFIG_OVERRIDE",
            f'connect/endpoints=["{scheme}/localhost:{fort.port}"];listen/endpoints=[];'
            f"transport/link/tls/root_ca_certificate={root}",
        )
        stranger = Ros(domain=3)
        fort.opened.append(stranger)
    node = stranger.node("stranger")
    heard = heard_by(stranger, "/robot1/secret", LATCHED)
    honest = heard_by(center, "/robot1/secret", LATCHED)
    eventually(lambda: honest == ["secret"])
    assert node.wait_for_node("/center", timeout=0.5) is False
    assert heard == []


def test_a_settings_file_that_cannot_be_used_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = Authority(tmp_path / "ours")
    good = authority.settings("robot1", port=7447)
    assert read_security(good).connect == ("tls/localhost:7447",)
    monkeypatch.setenv("ROS_WIRE_SECURITY", str(good))
    assert "tls/localhost:7447" in session_config().get_json("connect/endpoints")
    text = good.read_text()
    for broken, complaint in (
        ("[tls", "cannot be read"), ("", "no [tls]"), (text.replace("robot1.key", "none.key"), "tls.private_key"),
        (text + "more = 1\n", "[tls] has"), (text + "[other]\n", "got other"),
        (text + "[access]\nrobot1 = ['relative']\n", "absolute ROS names"),
    ):  # fmt: skip
        bad = good.with_name("bad.toml")
        bad.write_text(broken)
        with pytest.raises(SecurityError, match=complaint.replace("[", r"\[").replace("]", r"\]")) as error:
            read_security(bad)
        assert str(bad) in str(error.value)
    monkeypatch.setenv("ROS_WIRE_SECURITY", str(tmp_path / "none.toml"))
    with pytest.raises(rclpy.exceptions.RCLError, match=r"none\.toml"):
        rclpy.init(context=Context(), args=[])


def test_without_access_rules_every_trusted_certificate_may_everything() -> None:
    security = Security(root_ca=Path("a"), certificate=Path("b"), private_key=Path("c"))
    assert "access_control" not in security.settings()
    assert security.session_settings()["listen/endpoints"] == ["tls/localhost:0"]

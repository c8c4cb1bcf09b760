"""Bags as files: MCAP inside rosbag2's folder, which `ros2 bag`, Foxglove and rosbags open."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from mcap.exceptions import McapError
from mcap.reader import make_reader
from mcap.writer import Writer

from ros_cli.errors import CommandError
from ros_cli.interfaces import full_definition
from ros_interfaces.message import Message

_VERSION = 9  # of metadata.yaml, rosbag2 of Jazzy


@dataclass(slots=True, kw_only=True)
class Topic:
    """One topic of a bag."""

    name: str
    type_name: str
    type_hash: str
    qos: str  # rosbag2's YAML, a list of the publishers' profiles
    messages: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One message of a bag; times in nanoseconds since 1970."""

    topic: str
    data: bytes
    received_ns: int
    published_ns: int


class BagWriter:
    """Writes `<folder>/<name>_0.mcap`, and `metadata.yaml` when it is closed."""

    def __init__(self, folder: Path) -> None:
        """Make the folder.

        Raises:
            CommandError: there is something of that name already, or it cannot be made.
        """
        self.folder = folder
        self._file_name = f"{folder.name}_0.mcap"
        try:
            folder.mkdir(parents=True)
            self._stream = (folder / self._file_name).open("wb")
        except FileExistsError:
            raise CommandError(f"{folder} exists already; name another with -o") from None
        except OSError as error:
            raise CommandError(f"{folder} cannot be written: {error}") from None
        self._writer: Any = Writer(self._stream)
        self._writer.start(profile="ros2", library="ronda")
        self._schemas: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self.topics: dict[str, Topic] = {}
        self._first_ns: int | None = None
        self._last_ns = 0

    def add_topic(self, topic: Topic, kind: type[Message]) -> None:
        """Make a topic known before its first message."""
        if topic.type_name not in self._schemas:
            text = full_definition(kind).encode()
            self._schemas[topic.type_name] = self._writer.register_schema(topic.type_name, "ros2msg", text)
        notes = {"offered_qos_profiles": topic.qos, "topic_type_hash": topic.type_hash}
        self._channels[topic.name] = self._writer.register_channel(
            topic.name, "cdr", self._schemas[topic.type_name], notes
        )
        self.topics[topic.name] = topic

    def add(self, message: Recorded) -> None:
        """Write one message."""
        topic = self.topics[message.topic]
        self._writer.add_message(
            self._channels[message.topic], message.received_ns, message.data, message.published_ns, topic.messages
        )
        topic.messages += 1
        self._first_ns = message.received_ns if self._first_ns is None else min(self._first_ns, message.received_ns)
        self._last_ns = max(self._last_ns, message.received_ns)

    @property
    def messages(self) -> int:
        """How many were written."""
        return sum(topic.messages for topic in self.topics.values())

    def close(self) -> None:
        """Finish the file, and write the metadata."""
        self._writer.finish()
        self._stream.close()
        metadata = {"rosbag2_bagfile_information": self._metadata()}
        (self.folder / "metadata.yaml").write_text(yaml.safe_dump(metadata, sort_keys=False), encoding="utf-8")

    def _metadata(self) -> dict[str, Any]:
        span = {
            "starting_time": {"nanoseconds_since_epoch": self._first_ns or 0},
            "duration": {"nanoseconds": self._last_ns - (self._first_ns or 0)},
            "message_count": self.messages,
        }
        return {
            "version": _VERSION,
            "storage_identifier": "mcap",
            **span,
            "topics_with_message_count": [
                {
                    "topic_metadata": {
                        "name": topic.name,
                        "type": topic.type_name,
                        "serialization_format": "cdr",
                        "offered_qos_profiles": yaml.safe_load(topic.qos),
                        "type_description_hash": topic.type_hash,
                    },
                    "message_count": topic.messages,
                }
                for topic in self.topics.values()
            ],
            "compression_format": "",
            "compression_mode": "",
            "relative_file_paths": [self._file_name],
            "files": [{"path": self._file_name, **span}],
            "custom_data": None,
            "ros_distro": os.environ.get("ROS_DISTRO", "unknown"),
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def bag_files(path: Path) -> list[Path]:
    """The MCAP files of a bag: the path itself, or those in the folder.

    Raises:
        CommandError: there is none.
    """
    files = sorted(path.glob("*.mcap")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise CommandError(f"{path}: expected an MCAP file, or a folder with one")
    return files


def read_topics(path: Path) -> dict[str, Topic]:
    """What a bag holds."""
    topics: dict[str, Topic] = {}
    for file in bag_files(path):
        with file.open("rb") as stream:
            try:
                summary: Any = make_reader(stream).get_summary()
            except McapError as error:
                raise CommandError(f"{file} is no MCAP file: {error or type(error).__name__}") from None
            if summary is None:
                raise CommandError(f"{file} has no summary: its recording did not end as it should")
            counts = summary.statistics.channel_message_counts if summary.statistics else {}
            for channel in summary.channels.values():
                topic = topics.setdefault(
                    channel.topic,
                    Topic(
                        name=channel.topic,
                        type_name=summary.schemas[channel.schema_id].name,
                        type_hash=channel.metadata.get("topic_type_hash", ""),
                        qos=channel.metadata.get("offered_qos_profiles", ""),
                    ),
                )
                topic.messages += counts.get(channel.id, 0)
    return topics


def read_messages(path: Path) -> Iterator[Recorded]:
    """The messages in the order in which they were received."""
    for file in bag_files(path):
        with file.open("rb") as stream:
            reader: Any = make_reader(stream)
            for _, channel, message in reader.iter_messages():
                yield Recorded(
                    topic=channel.topic,
                    data=message.data,
                    received_ns=message.log_time,
                    published_ns=message.publish_time,
                )

"""Writes the methods of a message that put it into bytes and take it out again."""

from __future__ import annotations

from collections.abc import Mapping

from ros_interfaces.definition import Field, MessageDef, Shape

_STRUCT_CODES = {"bool": "?", "byte": "c"}


def _code(field: Field, typecodes: Mapping[str, str]) -> str | None:
    """The struct code of a single primitive of fixed size; None for anything else."""
    if field.type.shape is not Shape.SINGLE:
        return None
    return typecodes.get(field.type.base) or _STRUCT_CODES.get(field.type.base)


def _grouped(message: MessageDef, typecodes: Mapping[str, str]) -> list[list[Field]]:
    """Fields in order, neighbouring primitives of fixed size together."""
    groups: list[list[Field]] = []
    run_open = False
    for field in message.fields:
        fixed = _code(field, typecodes) is not None
        if fixed and run_open:
            groups[-1].append(field)
        else:
            groups.append([field])
        run_open = fixed
    return groups


def runs_of(message: MessageDef, typecodes: Mapping[str, str]) -> list[str]:
    """The struct codes of each run of primitives of fixed size."""
    return [
        "".join(_code(field, typecodes) or "" for field in group)
        for group in _grouped(message, typecodes)
        if _code(group[0], typecodes)
    ]


def write_method(message: MessageDef, typecodes: Mapping[str, str]) -> list[str]:
    """The lines of `_write_`."""
    lines = ["    def _write_(self, out: bytearray) -> None:"]
    name, run = message.name.rsplit("/")[-1], 0
    for group in _grouped(message, typecodes):
        if _code(group[0], typecodes):
            values = ", ".join(f"self._{field.name}" for field in group)
            lines.append(f"        out += _{name}_W{run}[len(out) & 7]({values})")
            run += 1
        else:
            lines.append(f"        {_write_call(group[0], typecodes)}")
    if not message.fields:
        lines.append("        out += b'\\0'  # a structure of no members is one byte on the wire")
    return lines


def _write_call(field: Field, typecodes: Mapping[str, str]) -> str:
    kind, value = field.type, f"self._{field.name}"
    if kind.shape is Shape.SINGLE:
        return f"{value}._write_(out)" if kind.is_message else f"_cdr.write_{kind.base}(out, {value})"
    if kind.base in typecodes:
        if kind.shape is Shape.ARRAY:
            return f"_cdr.write_array(out, {value}, {kind.capacity})"
        return f"_cdr.write_sequence(out, {value})"
    what = "messages" if kind.is_message else "octets" if kind.base in _STRUCT_CODES else f"{kind.base}s"
    return f"_cdr.write_{what}(out, {value}, {_count(field)})"


def read_method(message: MessageDef, typecodes: Mapping[str, str], aliases: Mapping[str, str]) -> list[str]:
    """The lines of `_read_`; `aliases` gives the name by which the module knows each nested message."""
    lines = [
        "    @classmethod",
        "    def _read_(cls, data: _cdr.Bytes, at: int) -> tuple[Self, int]:",
        "        self = cls.__new__(cls)",
    ]
    name, run = message.name.rsplit("/")[-1], 0
    for group in _grouped(message, typecodes):
        if _code(group[0], typecodes):
            targets = ", ".join(f"self._{field.name}" for field in group)
            lines.append(f"        unpack, size = _{name}_R{run}[at & 7]")
            lines.append(f"        ({targets},) = unpack(data, at)")
            lines.append("        at += size")
            run += 1
        else:
            lines.append(f"        self._{group[0].name}, at = {_read_call(group[0], typecodes, aliases)}")
    return [*lines, f"        return self, at{' + 1' if not message.fields else ''}"]


def _read_call(field: Field, typecodes: Mapping[str, str], aliases: Mapping[str, str]) -> str:
    kind = field.type
    if kind.shape is Shape.SINGLE:
        return f"{aliases[kind.base]}._read_(data, at)" if kind.is_message else f"_cdr.read_{kind.base}(data, at)"
    if kind.base in typecodes:
        if kind.shape is Shape.ARRAY:
            return f"_cdr.read_array(data, at, {typecodes[kind.base]!r}, {kind.capacity})"
        return f"_cdr.read_sequence(data, at, {typecodes[kind.base]!r})"
    if kind.is_message:
        return f"_cdr.read_messages(data, at, {aliases[kind.base]}, {_count(field)})"
    what = {"bool": "bools", "byte": "bytes"}.get(kind.base, f"{kind.base}s")
    return f"_cdr.read_{what}(data, at, {_count(field)})"


def _count(field: Field) -> int:
    return field.type.capacity if field.type.shape is Shape.ARRAY else -1

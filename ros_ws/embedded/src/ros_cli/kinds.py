"""Finds the class of an interface by its name."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from typing import Any

from ros_cli.errors import CommandError

SECTIONS = ("msg", "srv", "action")


def kind_of(name: str, section: str) -> Any:
    """The class of `std_msgs/msg/String`; `std_msgs/String` is taken too.

    Raises:
        CommandError: it is no such name, or the interface is not installed.
    """
    parts = name.split("/")
    if len(parts) == 2:
        parts.insert(1, section)
    if len(parts) != 3 or parts[1] != section or not all(part.isidentifier() for part in parts):
        raise CommandError(f"expected a type such as package/{section}/Name, got {name!r}")
    package, _, short = parts
    if importlib.util.find_spec(package) is None:
        raise CommandError(f"{name}: no package {package!r} of interfaces is installed")
    try:
        return getattr(importlib.import_module(f"{package}.{section}"), short)
    except (ModuleNotFoundError, AttributeError):
        known = ", ".join(names_of(package, section)) or "none"
        raise CommandError(f"{name} is not installed; {package} has {known}") from None


def packages() -> list[str]:
    """Every installed package of interfaces."""
    found = []
    for module in pkgutil.iter_modules():
        if module.ispkg and module.name.endswith(("_msgs", "_interfaces")):
            spec = importlib.util.find_spec(module.name)
            if spec is not None and any(importlib.util.find_spec(f"{module.name}.{part}") for part in SECTIONS):
                found.append(module.name)
    return sorted(set(found))


def names_of(package: str, section: str) -> list[str]:
    """The interfaces of one section of a package, without those derived from them."""
    if importlib.util.find_spec(f"{package}.{section}") is None:
        return []
    module = importlib.import_module(f"{package}.{section}")
    return sorted(name for name in vars(module) if name[0].isupper() and "_" not in name)

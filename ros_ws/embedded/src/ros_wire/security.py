"""Who may connect, and who may use which names: one settings file for TLS with certificates and for access control.

    [tls]                                # paths are relative to the file
    root_ca = "ca.pem"                   # signs every certificate that is trusted
    certificate = "robot1.pem"
    private_key = "robot1.key"
    connect = ["tls/center:7447"]        # where a session finds its router

    [access]                             # common name of a certificate → ROS names it may use
    "robot1" = ["/robot1/**", "/clock"]  # to publish, subscribe, serve and call
    "center" = ["/**"]

Without `[access]` every trusted certificate may use every name; with it, whoever is not named may use none. Routers
and sessions read the same rules and each holds the others to them: neighbours on a machine speak directly.
A certificate is valid for the host name it is reached by; for those neighbours that is `localhost`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ros_wire.names import ADMIN_SPACE, mangled

VARIABLE = "ROS_WIRE_SECURITY"  # the file's path, for sessions
_DATA = ("put", "delete", "declare_subscriber", "declare_queryable", "query", "reply")
# how latched publishers and their subscribers find each other, beside their key
_LATCHED = ("declare_liveliness_subscriber", "liveliness_query", "liveliness_token")
_SEE = ("declare_liveliness_subscriber", "liveliness_query")


class SecurityError(ValueError):
    """A settings file that cannot be read; names it and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """What a settings file says."""

    root_ca: Path
    certificate: Path
    private_key: Path
    connect: tuple[str, ...] = ()
    access: Mapping[str, tuple[str, ...]] | None = None

    def settings(self) -> dict[str, object]:
        """Zenoh settings of a router: whom it lets in, and what they may."""
        settings: dict[str, object] = {
            "transport/link/tls": {
                "root_ca_certificate": str(self.root_ca),
                "listen_certificate": str(self.certificate),
                "listen_private_key": str(self.private_key),
                "connect_certificate": str(self.certificate),
                "connect_private_key": str(self.private_key),
                "enable_mtls": True,
                "verify_name_on_connect": True,
            }
        }
        return settings if self.access is None else settings | {"access_control": _access_control(self.access)}

    def session_settings(self) -> dict[str, object]:
        """Zenoh settings of a session: it holds its neighbours, whom it speaks to directly, to the same rules."""
        settings = self.settings() | {"listen/endpoints": ["tls/localhost:0"]}
        return settings | ({"connect/endpoints": list(self.connect)} if self.connect else {})


def read_security(path: Path | str) -> Security:
    """Read a settings file.

    Raises:
        SecurityError: it cannot be read, or a setting is missing, unknown, or names a file that is not there.
    """
    path = Path(path)
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SecurityError(f"{path}: it cannot be read: {error}") from None
    tls = content.pop("tls", None)
    access = content.pop("access", None)
    if content or not isinstance(tls, dict):
        raise SecurityError(f"{path}: expected [tls] and perhaps [access], got {', '.join(content) or 'no [tls]'}")
    files = {name: tls.pop(name, None) for name in ("root_ca", "certificate", "private_key")}
    connect = tls.pop("connect", [])
    for name, given in files.items():
        if not isinstance(given, str) or not (path.parent / given).is_file():
            raise SecurityError(f"{path}: tls.{name}: expected the path of a file, got {given!r}")
    if tls or not _is_texts(connect):
        raise SecurityError(f"{path}: [tls] has root_ca, certificate, private_key and connect, not {tls or connect}")
    if access is not None and not (
        isinstance(access, dict)
        and all(_is_texts(names) and all(name.startswith("/") for name in names) for names in access.values())
    ):
        raise SecurityError(f"{path}: [access]: expected lists of absolute ROS names, such as ['/robot1/**']")
    return Security(
        root_ca=path.parent / files["root_ca"],
        certificate=path.parent / files["certificate"],
        private_key=path.parent / files["private_key"],
        connect=tuple(connect),
        access=None if access is None else {who: tuple(names) for who, names in access.items()},
    )


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _access_control(access: Mapping[str, Sequence[str]]) -> dict[str, object]:
    """Zenoh's rules: everybody sees the graph; each uses its names, and appears in the graph below them."""
    everybody = list(access)
    rules = [
        _rule("see the graph", _SEE, ("ingress", "egress"), [f"{ADMIN_SPACE}/**"]),
        _rule("be told the graph", ("liveliness_token",), ("egress",), [f"{ADMIN_SPACE}/**"]),
    ]
    policies = [{"rules": [rule["id"] for rule in rules], "subjects": everybody}]
    for who, names in access.items():
        both = ("ingress", "egress")
        own = [
            _rule(f"{who}: data", _DATA, both, [key for name in names for key in _keys(name)]),
            _rule(f"{who}: latched", (*_DATA, *_LATCHED), both, [f"{key}/@adv/**" for n in names for key in _keys(n)]),
        ]
        tokens = [token for name in names for token in _tokens(name)]
        if tokens:
            own.append(_rule(f"{who}: appear", ("liveliness_token",), ("ingress",), tokens))
        rules += own
        policies.append({"rules": [rule["id"] for rule in own], "subjects": [who]})
    return {
        "enabled": True,
        "default_permission": "deny",
        "rules": rules,
        "subjects": [{"id": who, "cert_common_names": [who]} for who in everybody],
        "policies": policies,
    }


def _rule(name: str, messages: Sequence[str], flows: Sequence[str], keys: Sequence[str]) -> dict[str, object]:
    return {
        "id": name, "permission": "allow", "messages": list(messages), "flows": list(flows), "key_exprs": list(keys),
    }  # fmt: skip


def _keys(name: str) -> list[str]:
    """The data keys of a ROS name or of all below it (`/robot1/**`): domain, name, type, hash."""
    plain = name.strip("/").removesuffix("**").rstrip("/")
    return [f"*/{plain}/**"] if plain else ["*/**"]


def _tokens(name: str) -> list[str]:
    """The tokens of nodes in the namespace that `/robot1/**` means, and in those below it; a single name has none."""
    if not name.endswith("**"):
        return []
    space = mangled("/" + name.strip("/").removesuffix("**").strip("/"))
    if space == "%":
        return [f"{ADMIN_SPACE}/**"]
    head = f"{ADMIN_SPACE}/*/*/*/*/*/%"
    return [f"{head}/{space}/**", f"{head}/{space}%$*/**"]

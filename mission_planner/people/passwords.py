"""Passwords: how they are hashed (argon2id, RFC 9106), and which are accepted."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from patrol_core.errors import InvalidInput

MIN_CHARS = 10
MAX_CHARS = 256  # so that hashing a login's text costs a known time

# Letters and digits that are not mistaken for each other when read aloud or typed from a terminal.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Passwords:
    """Hashes and checks. Each call takes some 50 ms and 64 MiB: run it in a thread, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()  # the library's defaults are RFC 9106's second choice
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hash(self, password: str) -> str:
        """The text to keep."""
        return self._hasher.hash(_normal(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one `kept` was made from.

        None (an account that is not there) costs the same time as a wrong password, and is never right.
        """
        possible = kept is not None and len(password) <= MAX_CHARS
        try:
            right = self._hasher.verify(kept or self._nobody, _normal(password[:MAX_CHARS]))
        except (Argon2Error, InvalidHashError):
            return False
        return right and possible

    def outdated(self, kept: str) -> bool:
        """Whether it was made with weaker parameters than today's, and should be made again at the next login."""
        return self._hasher.check_needs_rehash(kept)


def check_new(password: str, *, username: str) -> None:
    """Raises InvalidInput when a password that a person chose is too easy."""
    if not MIN_CHARS <= len(password) <= MAX_CHARS:
        raise InvalidInput(
            f"expected {MIN_CHARS} to {MAX_CHARS} characters; came {len(password)}",
            where="password",
            zh=f"密码须有 {MIN_CHARS} 到 {MAX_CHARS} 个字符",
        )
    if username.casefold() in password.casefold():
        raise InvalidInput(
            "expected a password without the user name in it; it came in it", where="password", zh="密码里不能有用户名"
        )
    if len(set(password)) < 4:
        raise InvalidInput(
            "expected at least 4 different characters; came fewer", where="password", zh="密码须有至少 4 个不同的字符"
        )


def made_up() -> str:
    """A new password of 4 groups of 5 characters: 99 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def _normal(password: str) -> str:
    """The same characters, however the keyboard composed them (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)

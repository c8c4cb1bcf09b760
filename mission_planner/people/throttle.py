"""Slows down guessing of passwords, by account and peer, and by peer alone.

Policy: 5 wrong passwords for an account from a peer are free, 30 for all accounts from it; each further one doubles a
wait that begins at 1 s and ends at 5 min. A right password forgets the account's count, not the peer's. Counts fade
after 15 min without a wrong one. Others' guesses never lock an account for its owner at another peer. At most 10,000
counts are held; the one that failed longest ago makes room. Time is monotonic. A peer is an IPv4 address, or an IPv6
/64 network; behind a proxy that hides addresses all are one peer.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from patrol_core.errors import PatrolError


class Throttled(PatrolError):
    """Too many wrong passwords; try again later.

    Args:
        retry_after_s: whole seconds, for HTTP's Retry-After.
    """

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"too many attempts to log in; try again in {retry_after_s} s",
            zh=f"登录尝试过多，请 {retry_after_s} 秒后再试",
        )
        self.retry_after_s = retry_after_s


@dataclass(frozen=True, slots=True)
class _Count:
    wrong: int
    last_s: float
    until_s: float


class LoginThrottle:
    """Call `attempt` before looking at a password, and `right` when it was right."""

    def __init__(
        self,
        monotonic_s: Callable[[], float],
        *,
        free_per_account: int = 5,
        free_per_peer: int = 30,
        first_wait_s: float = 1.0,
        longest_wait_s: float = 300.0,
        fade_s: float = 900.0,
        at_most: int = 10_000,
    ) -> None:
        self._monotonic_s = monotonic_s
        self._free_per_account = free_per_account
        self._free_per_peer = free_per_peer
        self._first_wait_s = first_wait_s
        self._longest_wait_s = longest_wait_s
        self._fade_s = fade_s
        self._at_most = at_most
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()

    def attempt(self, username: str, peer: str) -> None:
        """Count one more wrong password, before it is looked at: guesses sent side by side are all counted.

        Raises:
            Throttled: a wait runs; nothing was counted, and the password must not be looked at.
        """
        now_s = self._monotonic_s()
        waits = [self._count(key, now_s).until_s - now_s for key, _ in self._keys(username, peer)]
        longest_s = max(waits)
        if longest_s > 0:
            raise Throttled(int(longest_s) + 1)
        for key, free in self._keys(username, peer):
            wrong = self._count(key, now_s).wrong + 1
            over = wrong - free
            wait_s = min(self._first_wait_s * 2.0 ** min(over - 1, 32), self._longest_wait_s) if over > 0 else 0.0
            self._counts[key] = _Count(wrong, now_s, now_s + wait_s)
            self._counts.move_to_end(key)
        while len(self._counts) > self._at_most:
            self._counts.popitem(last=False)

    def right(self, username: str, peer: str) -> None:
        """The attempt that was counted as wrong before it was looked at turned out right: take it back."""
        (account_key, _), (peer_key, _) = self._keys(username, peer)
        self._counts.pop(account_key, None)
        count = self._counts.get(peer_key)
        if count is not None:
            # No wait ran when the attempt was let in, so none runs now.
            self._counts[peer_key] = _Count(max(count.wrong - 1, 0), count.last_s, self._monotonic_s())

    def _keys(self, username: str, peer: str) -> tuple[tuple[tuple[str, str], int], ...]:
        network = _network(peer)
        return ((username, network), self._free_per_account), (("", network), self._free_per_peer)

    def _count(self, key: tuple[str, str], now_s: float) -> _Count:
        count = self._counts.get(key)
        if count is None or now_s - count.last_s > self._fade_s:
            return _Count(0, now_s, now_s)
        return count


def _network(peer: str) -> str:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return peer
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)

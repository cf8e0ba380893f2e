"""Ports: which are wanted, whether they are free, and one nobody has."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from hntai.domain.errors import ConfigurationError

LOOPBACK = "127.0.0.1"


def wanted_port(environment: Mapping[str, str], setting: str, default: int) -> int:
    """The port a setting asks for; 0 asks for any free one.

    Raises:
        ConfigurationError: the setting is not a port number.
    """
    given = environment.get(setting, "").strip() or str(default)
    if not (given.isascii() and given.isdigit() and int(given) <= 65535):
        raise ConfigurationError(setting=setting, expected="a port number, 1 to 65535")
    return int(given) or free_port()


def require_free(ports: Mapping[str, int]) -> None:
    """Returns if every port can be listened on and no two settings name the same.

    ports: by the setting that chose them.

    Raises:
        ConfigurationError: one is taken; it says which, and which setting moves it.
    """
    seen: dict[int, str] = {}
    for setting, port in ports.items():
        if port in seen:
            raise ConfigurationError(setting=setting, expected=f"another port than {seen[port]}, {port}")
        seen[port] = setting
        if not is_free(port):
            raise ConfigurationError(setting=setting, expected=f"a free port, but {port} is taken")


def is_free(port: int) -> bool:
    """True if we could listen on it on this machine's loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A port free at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])

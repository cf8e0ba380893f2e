"""A model in a process of its own: what it does to itself, it does not do to the function.

It may crash, hang, eat memory or talk nonsense: the call fails with a named cause, and the next call finds
a new child. Nothing of a prompt is in arguments, environment or logs.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any, Final

from hntai.adapters.child_environment import child_environment
from hntai.adapters.message_frames import (
    BrokenMessageError,
    ClosedError,
    LateError,
    Message,
    MessagePipe,
)
from hntai.adapters.model_folder import ModelFolder
from hntai.domain.errors import ModelError, ModelFailedError, PromptTooLongError

COMMAND: Final = (sys.executable, "-m", "hntai.adapters.model_child")
LOAD_S: Final = 120.0
"""A gigabyte from a cold image takes a minute; longer is no loading."""
GRACE_S: Final = 2.0
"""A child keeps its deadlines itself; one that is this late does not."""
CALL_S: Final = 60.0
"""For calls without a deadline: counting tokens, similarities."""
CRASHES: Final = 3
"""In a row, and the model is given up …"""
REST_S: Final = 60.0
"""… for as long."""


class ModelProcess:
    """One child at a time, started at the first call and after each end."""

    def __init__(
        self,
        model: ModelFolder,
        threads: int,
        *,
        memory_bytes: int | None = None,
        command: Sequence[str] = COMMAND,
        load_s: float = LOAD_S,
        grace_s: float = GRACE_S,
        rest_s: float = REST_S,
    ) -> None:
        """memory_bytes: the child's address space, its mapped file included; None: as much as there is."""
        self._model, self._command = model, command
        self._load_s, self._grace_s, self._rest_s = load_s, grace_s, rest_s
        self._load = _load_message(model, threads, memory_bytes)
        self._lock = Lock()
        self._child: _Child | None = None
        self._crashes, self._rests_until, self._last_cause = 0, 0.0, ""

    def call(self, message: Message, deadline_s: float, on_piece: Callable[[str], None] | None = None) -> Any:
        """What the child answers. deadline_s: from now, loading included; the child has what is left of it.

        Raises:
            ModelFailedError: cause crashed, out_of_memory, too_slow, cannot_load or rubbish.
            PromptTooLongError: as the runner says.
        """
        deadline = time.monotonic() + deadline_s
        if not self._lock.acquire(timeout=max(0.0, deadline_s)):
            raise self._failed("too_slow")
        try:
            self._refuse_while_resting()
            try:
                result = self._called(self._ready_child(deadline), message, deadline, on_piece)
            except _LoadingError as error:
                raise self._failed("too_slow") from error
            except (ClosedError, LateError, BrokenMessageError) as error:
                raise self._crashed(error) from error
            except ModelError:
                raise
            except BaseException:
                self._end_child()
                raise
            self._crashes = 0
            return result
        finally:
            self._lock.release()

    def close(self) -> None:
        """Ends the child."""
        with self._lock:
            self._end_child()

    @property
    def pid(self) -> int | None:
        """Of the child, where there is one."""
        return self._child.process.pid if self._child else None

    @property
    def is_busy(self) -> bool:
        """A call is under way."""
        return self._lock.locked()

    def _ready_child(self, deadline: float) -> _Child:
        """A loaded child. One that still loads at the deadline goes on loading, for the next call."""
        if self._child is None or self._child.process.poll() is not None:
            self._end_child()
            self._child = _Child(self._command, time.monotonic() + self._load_s)
            self._child.pipe.send(self._load, self._child.loaded_by)
        child = self._child
        if not child.is_ready:
            try:
                answer = child.pipe.receive(min(deadline, child.loaded_by))
            except LateError:
                if time.monotonic() < child.loaded_by:
                    raise _LoadingError from None
                raise
            if "failed" in answer:
                raise self._told_at_loading(answer)
            child.is_ready = True
        return child

    def _called(
        self, child: _Child, message: Message, deadline: float, on_piece: Callable[[str], None] | None
    ) -> Any:
        left, last = deadline - time.monotonic(), deadline + self._grace_s
        child.pipe.send({**message, "deadline_s": left} if "deadline_s" in message else message, last)
        most = int(message.get("max_tokens", 0)) + 2
        for _ in range(most):
            answer = child.pipe.receive(last)
            if "done" in answer:
                return answer["done"]
            if "failed" in answer:
                raise self._told(answer)
            piece = answer.get("piece")
            if not isinstance(piece, str):
                break
            if on_piece:
                on_piece(piece)
        raise BrokenMessageError

    def _told(self, answer: Message) -> ModelError:
        """The runner's own error: counts and causes, no text."""
        told = answer["failed"]
        details = {name: value for name, value in told["details"].items() if isinstance(value, int)}
        if told["error"] == PromptTooLongError.__name__:
            return PromptTooLongError(**details)
        return self._failed(str(told["details"].get("cause", "crashed")))

    def _told_at_loading(self, answer: Message) -> ModelError:
        error = self._told(answer)
        self._end_child()
        self._count_crash(str(error.details.get("cause", "cannot_load")))
        return error

    def _crashed(self, error: Exception) -> ModelFailedError:
        cause = {LateError: "too_slow", BrokenMessageError: "rubbish"}.get(type(error), "")
        code = self._end_child()
        cause = cause or ("out_of_memory" if code == -signal.SIGKILL else "crashed")
        self._count_crash(cause)
        return self._failed(cause)

    def _count_crash(self, cause: str) -> None:
        self._crashes, self._last_cause = self._crashes + 1, cause
        if self._crashes >= CRASHES:
            self._crashes, self._rests_until = 0, time.monotonic() + self._rest_s

    def _refuse_while_resting(self) -> None:
        if time.monotonic() < self._rests_until:
            raise self._failed(self._last_cause)

    def _end_child(self) -> int | None:
        child, self._child = self._child, None
        return child.end() if child else None

    def _failed(self, cause: str) -> ModelFailedError:
        return ModelFailedError(model=self._model.identity.name, cause=cause)


class _LoadingError(Exception):
    """The child is not loaded yet, and may still be."""


class _Child:
    """A started child with its pipe."""

    def __init__(self, command: Sequence[str], loaded_by: float) -> None:
        self.loaded_by, self.is_ready = loaded_by, False
        self.process = _started(command)
        if self.process.stdin is None or self.process.stdout is None:
            raise ClosedError
        self.pipe = MessagePipe(self.process.stdout.fileno(), self.process.stdin.fileno())

    def end(self) -> int:
        """Its exit code, negative for the signal that ended it; ours is not counted as one."""
        own = self._own_code()
        if own is None:
            self.process.kill()
        code = self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        return code if own is not None else 0

    def _own_code(self) -> int | None:
        """A child whose pipe has closed is dying: it is given a moment to say of what."""
        try:
            return self.process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            return None


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    try:
        return subprocess.Popen(
            list(command), stdin=pipe, stdout=pipe, stderr=nowhere, env=child_environment(), bufsize=0
        )
    except OSError as error:
        raise ClosedError from error


def _load_message(model: ModelFolder, threads: int, memory_bytes: int | None) -> Message:
    identity = model.identity
    load = {
        "name": identity.name,
        "revision": identity.revision,
        "model_type": identity.model_type and identity.model_type.value,
        "folder": str(model.folder),
        "files": list(model.files),
        "context_tokens": model.context_tokens,
        "threads": threads,
        "memory_bytes": memory_bytes,
    }
    return {"load": load}

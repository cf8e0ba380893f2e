"""Streaming runtimes: one process per stream under way, kept warm between streams."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path

from hntai_local.gateway_problem import RefusedError
from hntai_local.lambda_environment import function_environment
from hntai_local.leash import Leash
from hntai_local.runtime_api import RuntimeApiServer, StreamInvocation
from hntai_local.runtime_api_answer import AnswerStream, Ending
from hntai_local.state_dir import PROJECT_ROOT
from hntai_local.template import LocalFunction

TIMED_OUT = "Sandbox.Timedout"
_MAX_RUNTIMES = 16
_INIT_LIMIT_S = 30.0
"""Lambda gives 10 s, then starts the init anew inside the call; one longer wait is the same to a caller."""
_SOON_S = 2.0
"""How long a call waits for a runtime that is about to be idle, before it starts one."""
_LOOK_S = 0.05
"""How often a process we wait for is looked at."""


@dataclass(frozen=True, slots=True)
class StreamingRuntime:
    """One runtime process and the Runtime API that is its own."""

    api: RuntimeApiServer
    process: subprocess.Popen[bytes]

    @property
    def is_alive(self) -> bool:
        return self.process.poll() is None

    async def init(self) -> str | None:
        """Waits until it asks for work; the name of the error if it never will."""
        waited_s = 0.0
        while not self.api.is_initialised.is_set():
            if not self.is_alive:
                return self.api.init_error or "Runtime.ExitError"
            if waited_s > _INIT_LIMIT_S:
                return TIMED_OUT
            await _wait(self.api.is_initialised, _LOOK_S)
            waited_s += _LOOK_S
        return None

    async def run(self, invocation: StreamInvocation) -> bool:
        """Runs one invocation to its end; True if the runtime can be used again.

        The caller leaving changes nothing; the function's timeout ends it, as Lambda would.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + invocation.timeout_s
        self.api.is_initialised.clear()
        self.api.hand_out(invocation)
        while not (invocation.answer.ended.is_set() and self.api.is_initialised.is_set()):
            if not self.is_alive:
                return False
            if loop.time() > until:
                invocation.answer.cut(TIMED_OUT)
                return False
            awaited = self.api.is_initialised if invocation.answer.ended.is_set() else invocation.answer.ended
            await _wait(awaited, _LOOK_S)
        return True


class StreamingRuntimes:
    """At most 16 runtimes of one function. Everything here happens in one event loop."""

    def __init__(
        self, function: LocalFunction, *, environment: Mapping[str, str], leash: Leash, log: Path
    ) -> None:
        self._function = function
        self._variables = function_environment(function, environment)
        self._leash = leash
        self._log = log
        self._idle: list[StreamingRuntime] = []
        self._count = 0
        self._warming = 0
        self._answers: set[AnswerStream] = set()
        self._waiting: list[asyncio.Future[None]] = []
        self._running: set[asyncio.Task[None]] = set()

    def begin(self, invocation: StreamInvocation) -> None:
        """Starts an invocation that nobody needs to wait for.

        Raises:
            RefusedError: every runtime is busy.
        """
        if not self._idle and self._count >= _MAX_RUNTIMES and not self._soon_idle():
            raise RefusedError("throttled", headers=(("retry-after", "1"),))
        self._spawn_task(self._run(invocation))

    def prewarm(self) -> None:
        """Starts one runtime for the first call."""
        self._spawn_task(self._warm())

    def close(self) -> None:
        """Forgets everything; the processes end with the leash, or here when idle."""
        for runtime in self._idle:
            runtime.api.close()
            self._leash.stop(runtime.process.pid, grace_s=0.2)
        for task in tuple(self._running):
            task.cancel()

    async def _run(self, invocation: StreamInvocation) -> None:
        if not self._idle and self._soon_idle():
            await self._wait_for_one()
        runtime = self._take()
        reusable = False
        self._answers.add(invocation.answer)
        try:
            if runtime is None:
                runtime = await self._start()
                error = await runtime.init()
                if error is not None:
                    await invocation.answer.end(Ending(error))
                    return
            reusable = await runtime.run(invocation)
        except (OSError, RuntimeError):
            return  # no process to be had; below the caller is told
        finally:
            self._answers.discard(invocation.answer)
            invocation.answer.cut("Runtime.ExitError")
            await self._give_back(runtime, reusable)

    async def _warm(self) -> None:
        self._count += 1
        self._warming += 1
        runtime, is_ready = None, False
        try:
            runtime = await self._start()
            is_ready = await runtime.init() is None
        except (OSError, RuntimeError):
            return  # the first call will meet the same, and say so
        finally:
            self._warming -= 1
            await self._give_back(runtime, is_ready)

    def _soon_idle(self) -> bool:
        """True if more runtimes are warming, or past their answers, than calls wait for one."""
        past = sum(answer.ended.is_set() for answer in self._answers)
        return self._warming + past > len(self._waiting)

    async def _wait_for_one(self) -> None:
        """A runtime about to be idle is here sooner than a new one; but it may never come."""
        freed = asyncio.get_running_loop().create_future()
        self._waiting.append(freed)
        await asyncio.wait({freed}, timeout=_SOON_S)
        if freed in self._waiting:
            self._waiting.remove(freed)

    def _take(self) -> StreamingRuntime | None:
        """The idle runtime used last, or None with a place kept for a new one."""
        while self._idle:
            runtime = self._idle.pop()
            if runtime.is_alive:
                return runtime
            runtime.api.close()
            self._count -= 1
        self._count += 1
        return None

    async def _give_back(self, runtime: StreamingRuntime | None, reusable: bool) -> None:
        if self._waiting:
            self._waiting.pop(0).set_result(None)
        if runtime is not None and reusable:
            self._idle.append(runtime)
            return
        self._count -= 1
        if runtime is not None:
            runtime.api.close()
            await asyncio.to_thread(self._leash.stop, runtime.process.pid, grace_s=0.2)

    async def _start(self) -> StreamingRuntime:
        api = RuntimeApiServer()
        variables = self._variables | {"AWS_LAMBDA_RUNTIME_API": await api.start()}
        process = self._leash.spawn(
            (sys.executable, "-m", "hntai.runtime.streaming", *self._function.command),
            env=variables,
            cwd=PROJECT_ROOT,
            log=self._log,
        )
        return StreamingRuntime(api, process)

    def _spawn_task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)


async def _wait(event: asyncio.Event, timeout_s: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return

"""Lambda functions on real runtimes: cold, warm, side by side, failing, timing out, killed."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil  # type: ignore[import-untyped, unused-ignore]
import pytest

from hntai.domain.errors import EventTooLargeError, FunctionUnavailableError, RateLimitedError
from hntai_local.lambda_answer import LIMIT_BYTES
from hntai_local.lambda_pool import LambdaPool
from hntai_local.leash import Leash
from hntai_local.template import LocalFunction
from tests.runtime.local_functions import ENVIRONMENT, call, fail, plain, streaming

pytestmark = pytest.mark.runtime

MakePool = Callable[..., LambdaPool]


@pytest.fixture
def make_pool(leash: Leash, tmp_path: Path) -> Iterator[MakePool]:
    made = []

    def make(*functions: LocalFunction, **options: int) -> LambdaPool:
        pool = LambdaPool(
            functions or (plain(),),
            environment=ENVIRONMENT,
            leash=leash,
            log_dir=tmp_path / "logs",
            **options,
        )
        made.append(pool)
        return pool

    yield make
    for pool in made:
        pool.close()


def emulator_of(runtime_pid: int) -> psutil.Process:
    parent = psutil.Process(runtime_pid).parent()
    assert parent is not None
    return parent


def test_second_call_is_answered_by_the_same_warm_runtime(make_pool: MakePool) -> None:
    pool = make_pool()
    first, second = call(pool), call(pool, a=1)
    assert (first["calls"], second["calls"]) == (1, 2)
    assert first["pid"] == second["pid"]
    assert second["event"] == {"a": 1}


def test_empty_payload_arrives_as_an_empty_object(make_pool: MakePool) -> None:
    assert json.loads(make_pool().invoke("PlainFunction", b"").payload)["event"] == {}


def test_function_sees_lambdas_variables_and_none_of_ours(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HNTAI_PRIVATE", "not for functions")
    names = [
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_REGION",
        "_HANDLER",
        "LAMBDA_TASK_ROOT",
        "HNTAI_STAGE",
        "HNTAI_PRIVATE",
    ]
    answer = call(make_pool(), variables=names)
    assert answer["variables"] == {
        "AWS_LAMBDA_FUNCTION_NAME": "PlainFunction",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_REGION": "us-east-1",
        "_HANDLER": "tests.runtime.sample_functions.plain.handler",
        "LAMBDA_TASK_ROOT": answer["cwd"],
        "HNTAI_STAGE": "local",
        "HNTAI_PRIVATE": "",
    }


def test_overlapping_calls_get_environments_of_their_own_up_to_the_limit_and_then_wait(
    make_pool: MakePool,
) -> None:
    pool = make_pool(max_environments=2)
    with ThreadPoolExecutor(4) as callers:
        answers = list(callers.map(lambda _: call(pool, do="sleep", for_s=0.3), range(4)))
    assert len({answer["pid"] for answer in answers}) == 2
    assert sorted(answer["calls"] for answer in answers) == [1, 1, 2, 2]


def test_call_that_finds_no_environment_in_its_wait_is_throttled(make_pool: MakePool) -> None:
    pool = make_pool(max_environments=1)
    call(pool)
    with ThreadPoolExecutor(1) as caller:
        busy = caller.submit(call, pool, do="sleep", for_s=1)
        time.sleep(0.2)
        with pytest.raises(RateLimitedError):
            pool.invoke("PlainFunction", b"{}", wait_s=0.1)
        assert busy.result()["calls"] == 2


def test_raised_error_comes_with_its_class_name(make_pool: MakePool) -> None:
    error = fail(make_pool(), do="raise")
    assert error["errorType"] == "NoteLostError"
    assert error["stackTrace"]


def test_answer_that_looks_like_an_error_is_an_answer(make_pool: MakePool) -> None:
    pool = make_pool()
    fail(pool, do="raise")
    assert call(pool, do="look like an error")["errorType"] == "Fine"


def test_timeout_is_enforced_and_the_next_call_is_cold(make_pool: MakePool) -> None:
    pool = make_pool(plain(timeout_s=1))
    before = call(pool)
    began = time.monotonic()
    error = fail(pool, do="sleep", for_s=30)
    assert time.monotonic() - began < 3
    assert error["errorType"] == "Sandbox.Timedout"
    assert "Task timed out after 1.00 seconds" in error["errorMessage"]
    after = call(pool)
    assert after["calls"] == 1
    assert after["pid"] != before["pid"]


def test_deadline_tells_the_function_its_timeout(make_pool: MakePool) -> None:
    pool = make_pool(plain(timeout_s=4))
    call(pool)
    assert 3000 < call(pool)["remaining_ms"] <= 4000


def test_runtime_that_exits_fails_its_call_only(make_pool: MakePool) -> None:
    pool = make_pool()
    assert fail(pool, do="exit")["errorType"] == "Runtime.ExitError"
    assert call(pool)["calls"] == 1


def test_import_error_is_reported_at_once_each_time(make_pool: MakePool) -> None:
    pool = make_pool(plain("BrokenFunction", module="broken", timeout_s=20))
    began = time.monotonic()
    for _ in range(2):
        assert fail(pool, "BrokenFunction")["errorType"] == "Runtime.ImportModuleError"
    assert time.monotonic() - began < 5


def test_killed_emulator_is_replaced(make_pool: MakePool) -> None:
    pool = make_pool()
    emulator_of(call(pool)["pid"]).kill()
    time.sleep(0.1)
    assert call(pool)["calls"] == 1


def test_call_in_flight_on_a_killed_emulator_fails_soon(make_pool: MakePool) -> None:
    pool = make_pool(plain(timeout_s=20))
    emulator = emulator_of(call(pool)["pid"])
    timer = threading.Timer(0.3, emulator.kill)
    timer.start()
    began = time.monotonic()
    assert fail(pool, do="sleep", for_s=15)["errorType"] == "Runtime.ExitError"
    assert time.monotonic() - began < 3
    timer.join()
    assert call(pool)["calls"] == 1


def test_runtime_killed_while_idle_costs_one_call_at_most(make_pool: MakePool) -> None:
    pool = make_pool()
    os.kill(call(pool)["pid"], signal.SIGKILL)
    time.sleep(0.2)
    pool.invoke("PlainFunction", b"{}")
    assert call(pool)["calls"] >= 1


def test_prewarmed_runtime_has_imported_its_handler_and_not_called_it(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.prewarm("PlainFunction")
    warmed_ns = time.time_ns()
    answer = call(pool)
    assert answer["calls"] == 1
    assert answer["born"] < warmed_ns


def test_prewarm_of_a_broken_function_leaves_the_error_to_the_call(make_pool: MakePool) -> None:
    pool = make_pool(plain("BrokenFunction", module="broken"))
    pool.prewarm("BrokenFunction")
    assert fail(pool, "BrokenFunction")["errorType"] == "Runtime.ImportModuleError"


def test_event_of_6_mb_is_taken_and_one_byte_more_is_not(make_pool: MakePool) -> None:
    pool = make_pool()
    largest = b'{"note":"' + b"x" * (LIMIT_BYTES - 11) + b'"}'
    assert len(largest) == LIMIT_BYTES
    assert pool.invoke("PlainFunction", largest).function_error is None
    with pytest.raises(EventTooLargeError) as refused:
        pool.invoke("PlainFunction", largest + b" ")
    assert refused.value.details == {"limit": LIMIT_BYTES, "size": LIMIT_BYTES + 1}


def test_answer_of_6_mb_is_given_and_one_byte_more_is_an_error(make_pool: MakePool) -> None:
    pool = make_pool()
    assert len(call(pool, do="answer of bytes", size=LIMIT_BYTES)) == LIMIT_BYTES - 2
    error = fail(pool, do="answer of bytes", size=LIMIT_BYTES + 1)
    assert error["errorType"] == "Function.ResponseSizeTooLarge"


def test_unknown_and_streaming_functions_are_not_invoked(make_pool: MakePool) -> None:
    pool = make_pool(plain(), streaming())
    assert pool.names == ("PlainFunction",)
    for name in ("NopeFunction", "StreamFunction"):
        with pytest.raises(KeyError):
            pool.invoke(name, b"{}")


def test_closing_fails_calls_in_flight_ends_every_process_and_refuses_later_calls(
    make_pool: MakePool,
) -> None:
    pool = make_pool(plain(timeout_s=30))
    runtime = psutil.Process(call(pool)["pid"])
    with ThreadPoolExecutor(1) as caller:
        in_flight = caller.submit(fail, pool, do="sleep", for_s=20)
        time.sleep(0.2)
        pool.close()
        assert in_flight.result(timeout=5)["errorType"] == "Runtime.ExitError"
    assert not runtime.is_running() or runtime.status() == psutil.STATUS_ZOMBIE
    with pytest.raises(FunctionUnavailableError):
        pool.invoke("PlainFunction", b"{}")


def test_what_a_function_prints_is_in_its_log(make_pool: MakePool, tmp_path: Path) -> None:
    fail(make_pool(), do="raise")
    assert b"[ERROR] NoteLostError" in (tmp_path / "logs" / "PlainFunction.log").read_bytes()

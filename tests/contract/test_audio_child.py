"""The process that decodes a recording: how it ends, what it may not do, and that the function lives on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hntai.adapters.audio_decoder import ChildAudioDecoder
from hntai.adapters.child_process import IN_MEMORY_BYTES
from hntai.domain.errors import (
    AudioError,
    AudioUnreadableError,
)
from hntai.domain.speech import BYTES_PER_S
from tests.contract.test_audio_decoder import DECODER, LIMIT_S, decoded
from tests.recordings import recording, tone, wav


def test_a_killed_child_is_a_named_cause_and_the_next_recording_is_heard() -> None:
    pieces = DECODER.decode([wav(bytes(600 * BYTES_PER_S))], limit_s=LIMIT_S, deadline_s=60)
    next(pieces)
    for child in _children():
        os.kill(child, signal.SIGKILL)
    with pytest.raises(AudioUnreadableError) as raised:
        list(pieces)
    assert raised.value.details["cause"] == "out_of_memory"
    assert len(decoded(wav(bytes(BYTES_PER_S)))) == BYTES_PER_S


def _children() -> list[int]:
    tasks = Path("/proc/self/task").glob("*/children")
    found = [int(pid) for task in tasks for pid in task.read_text().split()]
    return [pid for pid in found if b"audio_child" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_leaving_in_the_middle_leaves_no_child_behind() -> None:
    pieces = DECODER.decode([wav(bytes(600 * BYTES_PER_S))], limit_s=LIMIT_S, deadline_s=60)
    next(pieces)
    assert _children()
    pieces.close()  # type: ignore[attr-defined]
    assert not _children()


def test_a_child_without_memory_says_so() -> None:
    content = recording("wav", tone(30))
    with pytest.raises(AudioError) as raised:
        decoded(content, decoder=ChildAudioDecoder(memory_bytes=32 << 20))
    assert raised.value.details["cause"] in ("out_of_memory", "crashed", "damaged")


@pytest.mark.parametrize(
    ("program", "cause"),
    [
        ("import time; time.sleep(60)", "too_slow"),
        ("import os; os.kill(os.getpid(), 11)", "crashed"),
        ("import sys; sys.stderr.write('rubbish')", "crashed"),
        ('import sys; sys.stderr.write(\'{"failed": {"error": "KeyError"}}\')', "crashed"),
        ("", "crashed"),
    ],
)
def test_whatever_a_child_does_is_a_named_cause(program: str, cause: str) -> None:
    decoder = ChildAudioDecoder(command=(sys.executable, "-c", program))
    with pytest.raises(AudioUnreadableError) as raised:
        list(decoder.decode([wav(bytes(32_000))], limit_s=5.0, deadline_s=1.0))
    assert raised.value.details["cause"] == cause


def test_once_it_decodes_the_child_can_open_no_file() -> None:
    pieces = DECODER.decode([wav(bytes(600 * BYTES_PER_S))], limit_s=LIMIT_S, deadline_s=60)
    next(pieces)
    (child,) = _children()
    limits = Path(f"/proc/{child}/limits").read_text()
    pieces.close()  # type: ignore[attr-defined]
    shown = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()}
    assert (shown["Max open files"], shown["Max file size"]) == ("0", "0")
    assert shown["Max address space"] == str(1 << 30)


def test_the_function_itself_never_loads_the_decoders_libraries() -> None:
    program = "import hntai.adapters.audio_decoder, sys; print(*({'av', 'numpy'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert not ran.stdout.split()


def test_a_large_recording_waits_on_the_disk_under_no_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    content = wav(bytes(IN_MEMORY_BYTES + BYTES_PER_S))
    parts = (content[place : place + (1 << 20)] for place in range(0, len(content), 1 << 20))
    pieces = DECODER.decode(parts, limit_s=LIMIT_S, deadline_s=60)
    next(pieces)
    assert not list(tmp_path.iterdir())
    assert sum(map(len, pieces)) > IN_MEMORY_BYTES / 2


def test_two_recordings_are_decoded_at_once() -> None:
    results: list[int] = []
    content = recording("mp3", tone(5))
    threads = [threading.Thread(target=lambda: results.append(len(decoded(content)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(results)) == 1
    assert len(results) == 4

"""A model's child that does what its revision says: it speaks the protocol, until it does not."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import Any


def receive() -> dict[str, Any]:
    head = sys.stdin.buffer.read(4)
    if not head:
        sys.exit(0)
    message: dict[str, Any] = json.loads(sys.stdin.buffer.read(int.from_bytes(head, "big")))
    return message


def write(raw: bytes) -> None:
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()


def send(message: object) -> None:
    body = json.dumps(message).encode()
    write(len(body).to_bytes(4, "big") + body)


def done(text: str, finish: str = "end") -> None:
    send({"done": {"text": text, "prompt_tokens": 3, "output_tokens": 2, "finish": finish}})


def flood() -> None:
    while True:
        send({"piece": "flood "})


def hog() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
    try:
        bytearray(1 << 30)
    except MemoryError:
        send({"failed": {"error": "ModelFailedError", "details": {"cause": "out_of_memory"}}})


def answer(behaviour: str, call: dict[str, Any]) -> None:
    match behaviour:
        case "writes":
            send({"piece": "Hypertension, "})
            send({"piece": "treated."})
            done("Hypertension, treated.")
        case "hangs":
            time.sleep(600)
        case "segfaults":
            send({"piece": "Hyper"})
            os.kill(os.getpid(), signal.SIGSEGV)
        case "is_killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exits":
            sys.exit(3)
        case "floods":
            flood()
        case "hogs":
            hog()
        case "no_text":
            done("\ufffd\ufffd\ufffd\x01")
        case "no_message":
            write(b"\0\0\0\4}}}}")
        case "no_answer":
            send({"done": {"text": 7}})
        case "endless_message":
            write(b"\xff\xff\xff\xff")
        case "half_a_message":
            write(b"\0\0\1\0{")
            sys.exit(0)
        case "too_long":
            send({"failed": {"error": "PromptTooLongError", "details": {"prompt_tokens": 9, "limit": 8}}})
        case "tells":
            done(json.dumps({"argv": sys.argv, "environ": dict(os.environ)}) + " words", "length")
        case "late":
            done("", "deadline")


def main() -> None:
    load = receive()["load"]
    behaviour = load["revision"]
    if behaviour == "cannot_load":
        send({"failed": {"error": "ModelFailedError", "details": {"cause": "cannot_load"}}})
        return
    if behaviour == "loads_slowly":
        time.sleep(1.0)
        behaviour = "writes"
    if behaviour == "crashes_once":
        mark = Path(load["folder"]) / "crashed"
        behaviour = "writes" if mark.exists() else "segfaults"
        mark.touch()
    if behaviour == "does_not_read":
        send({"ready": True})
        time.sleep(600)
    send({"ready": True})
    while True:
        call = receive()
        if call["call"] == "count_tokens":
            send({"done": len(call["text"].split())})
        else:
            answer(behaviour, call)


if __name__ == "__main__":
    main()

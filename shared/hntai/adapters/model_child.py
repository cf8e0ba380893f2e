"""The child a model runs in: `python -m hntai.adapters.model_child`, told everything over its pipes.

Messages in: first the model to load, then calls. Out: {"piece": …} as text comes, then {"done": …} or
{"failed": …}. When the parent is gone its pipe ends, and so does the child, even in the middle of a call.
(PR_SET_PDEATHSIG would not do: its signal is sent when the *thread* that started the child ends.)
"""

from __future__ import annotations

import json
import os
import queue
import resource
import threading
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any, Final

from hntai.adapters.message_frames import Message, framed
from hntai.adapters.model_folder import ModelFolder
from hntai.domain.errors import ModelError, ModelFailedError
from hntai.domain.generation import ModelIdentity, ModelType, Prompt

MOST_KILLABLE: Final = "1000"
"""For oom_score_adj: where memory runs out the kernel shall take the child and not the function."""

RUNNERS: Final[dict[ModelType | None, tuple[str, str]]] = {
    ModelType.GGUF: ("llama", "LlamaModel"),
    ModelType.TEXT_GENERATION: ("onnx_text_generation", "OnnxTextGeneration"),
    ModelType.SEQ2SEQ: ("onnx_seq2seq", "OnnxSeq2Seq"),
    ModelType.SUMMARIZATION: ("onnx_seq2seq", "OnnxSeq2Seq"),
    ModelType.EXTRACTIVE: ("onnx_encoder", "OnnxSentenceEncoder"),
}
"""Module and class, by family."""


def main() -> None:
    """Serves one parent until it is gone."""
    incoming, outgoing = _pipes()
    calls: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(incoming, calls), daemon=True).start()

    def send(message: Message) -> None:
        outgoing.write(framed(message))
        outgoing.flush()

    runner = _answered(lambda: _loaded(calls.get()["load"]), send, lambda _runner: {"ready": True})
    while runner is not None:
        call = calls.get()
        _answered(partial(_result, runner, call, send), send, lambda result: {"done": result})


def _pipes() -> tuple[IO[bytes], IO[bytes]]:
    """The parent's pipes, moved away from 0 and 1: native libraries print where they like."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return incoming, outgoing


def _listen(incoming: IO[bytes], calls: queue.SimpleQueue[Message]) -> None:
    while head := incoming.read(4):
        calls.put(json.loads(incoming.read(int.from_bytes(head, "big"))))
    os._exit(0)


def _answered(
    work: Callable[[], Any], send: Callable[[Message], None], said: Callable[[Any], Message]
) -> Any | None:
    """What the work gives, once the parent was told of it; None where it failed, and the parent knows why."""
    try:
        result = work()
        send(said(result))
    except ModelError as error:
        send({"failed": {"error": type(error).__name__, "details": error.details}})
        return None
    except MemoryError:
        send({"failed": {"error": ModelFailedError.__name__, "details": {"cause": "out_of_memory"}}})
        return None
    return result


def _loaded(load: Message) -> Any:
    with open("/proc/self/oom_score_adj", "w") as score:  # noqa: PTH123
        score.write(MOST_KILLABLE)
    if load["memory_bytes"]:
        resource.setrlimit(resource.RLIMIT_AS, (load["memory_bytes"], load["memory_bytes"]))
    return runner_of(_folder(load), load["threads"])


def runner_of(model: ModelFolder, threads: int) -> Any:
    """The runner of the model's family, a TextModel or a SentenceEncoder; its library is imported here.

    Raises:
        ModelFailedError: it cannot be loaded, or its library is not in this image.
    """
    module, name = RUNNERS[model.identity.model_type]
    try:
        runner = getattr(import_module(f"hntai.adapters.{module}"), name)
        if model.identity.model_type is not ModelType.EXTRACTIVE:
            return runner(model, threads)
        files = model.only(".onnx"), model.only("tokenizer.json")
    except (ImportError, LookupError, OSError) as error:
        raise ModelFailedError(model=model.identity.name, cause="cannot_load") from error
    return runner(*files, model.identity, threads)


def _folder(load: Message) -> ModelFolder:
    identity = ModelIdentity(load["name"], load["revision"], ModelType(load["model_type"]))
    return ModelFolder(identity, Path(load["folder"]), tuple(load["files"]), int(load["context_tokens"]))


def _result(runner: Any, call: Message, send: Callable[[Message], None]) -> Any:
    match call["call"]:
        case "count_tokens":
            return runner.count_tokens(call["text"])
        case "similarities":
            return [list(map(float, row)) for row in runner.similarities(call["sentences"])]
        case _:
            generated = runner.generate(
                Prompt(call["instruction"], call["text"]),
                max_tokens=call["max_tokens"],
                deadline_s=call["deadline_s"],
                grammar=call["grammar"],
                on_text=(lambda piece: send({"piece": piece})) if call["stream"] else None,
            )
            return asdict(generated)


if __name__ == "__main__":
    main()

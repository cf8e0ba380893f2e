"""Runs in the peers' environment: faster-whisper, int8, greedy, with the weights we make our graphs of.

One JSON line a request from stdin ({"pcm": path}), one answered; the first line says how long loading took.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import numpy as np
from faster_whisper import WhisperModel


def main(folder: str, threads: int) -> None:
    started = time.monotonic()
    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=threads)
    print(json.dumps({"load_s": time.monotonic() - started}), flush=True)
    for line in sys.stdin:
        samples = np.fromfile(json.loads(line)["pcm"], "<i2").astype(np.float32) / 32768
        before, cpu = time.monotonic(), time.process_time()
        segments, _ = model.transcribe(samples, language="en", beam_size=1, vad_filter=True)
        text = " ".join(segment.text for segment in segments)
        told = {"text": text, "s": time.monotonic() - before, "cpu_s": time.process_time() - cpu}
        rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({**told, "rss_mb": rss_mb}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

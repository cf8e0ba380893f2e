"""A process of its own with one recogniser of ours; the same talk as speech_peer.py's."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def main(models_dir: str, name: str, threads: int) -> None:
    from hntai.adapters.speech_shelf import SpeechShelf

    started = time.monotonic()
    model = SpeechShelf(Path(models_dir), threads).speech_model(name)
    print(json.dumps({"load_s": time.monotonic() - started}), flush=True)
    for line in sys.stdin:
        recording = Path(json.loads(line)["pcm"]).read_bytes()
        before, cpu = time.monotonic(), time.process_time()
        found = model.transcribe(recording, model.windows(recording), deadline_s=7200.0)
        text = " ".join(segment.text for segments in found for segment in segments)
        told = {"text": text, "s": time.monotonic() - before, "cpu_s": time.process_time() - cpu}
        rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps({**told, "rss_mb": rss_mb}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))

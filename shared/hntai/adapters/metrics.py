"""Fleet-wide counters and latency histograms: every function adds to Valkey, /metrics reads them there."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from hntai.adapters.cache import Cache
from hntai.domain.errors import CacheUnavailableError
from hntai.ports import MetricSink

_KEY = "metrics:v1"
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds; the last is API Gateway's own limit."""


class ValkeyMetrics:
    """See hntai.ports.MetricSink. Names and labels are our own words, never a caller's."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._lock = threading.Lock()
        self._pending: dict[str, float] = {}

    def count(self, name: str, labels: Mapping[str, str], by: int = 1) -> None:
        self._add(f"counter|{name}|{_labels(labels)}", by)

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        shown = _labels(labels)
        bound = next((bound for bound in BUCKETS_S if seconds <= bound), None)
        self._add(f"bucket|{name}|{shown}|{'+Inf' if bound is None else bound}", 1)
        self._add(f"sum|{name}|{shown}", seconds)

    def _add(self, field: str, by: float) -> None:
        with self._lock:
            self._pending[field] = self._pending.get(field, 0) + by

    def flush(self) -> None:
        """Sends what has gathered, in one round trip; while Valkey is gone it is let go."""
        with self._lock:
            pending, self._pending = self._pending, {}
        if not pending:
            return

        def send(valkey: Any) -> None:
            pipeline = valkey.pipeline(transaction=False)
            for field, by in pending.items():
                pipeline.hincrbyfloat(_KEY, field, by)
            pipeline.execute()

        try:
            self._cache.run(send)
        except CacheUnavailableError:
            return

    def render(self) -> str:
        stored: Any = self._cache.run(lambda valkey: valkey.hgetall(_KEY))
        fields = {name.decode(): float(value) for name, value in stored.items()}
        return "\n".join(_render(fields)) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{value}"' for name, value in sorted(labels.items()))


def _render(fields: Mapping[str, float]) -> Iterator[str]:
    """Source: Prometheus exposition formats, text format 0.0.4."""
    split = sorted(tuple(field.split("|")) for field in fields)
    for (kind, name), group in groupby(split, key=lambda parts: parts[:2]):
        if kind == "counter":
            yield f"# TYPE {name} counter"
            yield from (
                f"{name}{{{labels}}} {fields['|'.join((kind, name, labels))]:g}" for _, _, labels in group
            )
        elif kind == "bucket":
            yield f"# TYPE {name} histogram"
            for labels in sorted({parts[2] for parts in group}):
                yield from _histogram(fields, name, labels)


def _histogram(fields: Mapping[str, float], name: str, labels: str) -> Iterator[str]:
    total = 0.0
    for bound in (*map(str, BUCKETS_S), "+Inf"):
        total += fields.get(f"bucket|{name}|{labels}|{bound}", 0)
        yield f'{name}_bucket{{{labels},le="{bound}"}} {total:g}'
    yield f"{name}_sum{{{labels}}} {fields.get(f'sum|{name}|{labels}', 0):.6f}"
    yield f"{name}_count{{{labels}}} {total:g}"


class EmfMetrics:
    """The same figures as CloudWatch embedded-metric lines on standard output."""

    def __init__(self) -> None:
        self._pending: dict[tuple[tuple[str, str], ...], list[tuple[str, str, float]]] = {}

    def count(self, name: str, labels: Mapping[str, str], by: int = 1) -> None:
        self._add(labels, (name, "Count", by))

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        self._add(labels, (name, "Seconds", seconds))

    def _add(self, labels: Mapping[str, str], figure: tuple[str, str, float]) -> None:
        self._pending.setdefault(tuple(sorted(labels.items())), []).append(figure)

    def flush(self) -> None:
        """One line per set of labels."""
        from aws_lambda_powertools.metrics import EphemeralMetrics

        pending, self._pending = self._pending, {}
        for labels, figures in pending.items():
            metrics = EphemeralMetrics(namespace="HNTAI")
            for name, value in labels:
                metrics.add_dimension(name=name, value=value)
            for name, unit, figure in figures:
                metrics.add_metric(name=name, unit=unit, value=figure)
            metrics.flush_metrics()

    def render(self) -> str:
        return ""


class MetricSinks:
    """Several sinks as one; the first is the one that can be read back."""

    def __init__(self, *sinks: MetricSink) -> None:
        self._sinks = sinks

    def count(self, name: str, labels: Mapping[str, str], by: int = 1) -> None:
        for sink in self._sinks:
            sink.count(name, labels, by)

    def observe(self, name: str, labels: Mapping[str, str], seconds: float) -> None:
        for sink in self._sinks:
            sink.observe(name, labels, seconds)

    def flush(self) -> None:
        for sink in self._sinks:
            sink.flush()

    def render(self) -> str:
        return self._sinks[0].render()

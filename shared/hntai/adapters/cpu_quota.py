"""How many threads pay here: the processors this process may use, and the share of them it is given."""

from __future__ import annotations

import os
from pathlib import Path

_CGROUP_V2 = Path("/sys/fs/cgroup/cpu.max")
_CGROUP_V1 = Path("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"), Path("/sys/fs/cgroup/cpu/cpu.cfs_period_us")


def thread_count(quota: float | None = None) -> int:
    """At least 1. quota: processors, where it is not to be read from the cgroup."""
    allowed = len(os.sched_getaffinity(0))
    share = cgroup_quota() if quota is None else quota
    return max(1, allowed if share is None else min(allowed, round(share)))


def cgroup_quota() -> float | None:
    """Processors this cgroup may use, 1.5 say; None where nothing limits it. Lambda does by its memory."""
    try:
        return _quota(*_CGROUP_V2.read_text().split())
    except (OSError, TypeError, ValueError):
        pass
    try:
        return _quota(*(path.read_text().strip() for path in _CGROUP_V1))
    except (OSError, ValueError):
        return None


def _quota(limit: str, period: str) -> float | None:
    return None if limit in {"max", "-1"} else int(limit) / int(period)


def lambda_quota(memory_mb: int) -> float:
    """Processors a Lambda function of that memory has; its cgroup does not say.

    Source: AWS Lambda developer guide, "Configure Lambda function memory": 1,769 MB are one vCPU.
    """
    return memory_mb / 1769

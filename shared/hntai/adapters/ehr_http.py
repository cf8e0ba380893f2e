"""Answers of the configured EHR server and of no other: within a budget, asked again where it fails."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from urllib.parse import SplitResult, urljoin, urlsplit

import httpcore
import httpx

from hntai.adapters.deadline_transport import DeadlineTransport
from hntai.adapters.ehr_answer import NOT_OFFERED, Answer
from hntai.adapters.ehr_budget import Budget
from hntai.domain.errors import (
    EhrAnswerInvalidError,
    EhrRefusedError,
    EhrTimeoutError,
    EhrUnavailableError,
)
from hntai.ports import EhrCredentials

RETRY_WAITS_S = (0.25, 0.5, 1.0)
"""Before the second, third and fourth try of one request, where the server names no time itself."""
_PORTS = {"https": 443, "http": 80}
_READ = frozenset({200, 400})
"""Statuses whose body is read: a record, or the outcome that may say `not-supported`."""


class EhrServer:
    """Where records come from. TLS is verified; no redirects, no proxies, no links to other servers."""

    def __init__(
        self,
        base_url: str,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.base_url = base_url.rstrip("/") + "/"
        self._transport, self._pause = transport, pause

    @cached_property
    def _tls(self) -> ssl.SSLContext | None:
        is_tls = self.base_url.lower().startswith("https:")
        return httpx.create_ssl_context(trust_env=False) if is_tls else None

    @contextmanager
    def reading(self, credentials: EhrCredentials, budget_s: float) -> Iterator[EhrReading]:
        """One reading of one record, its connections its own.

        Raises:
            EhrRefusedError: a credential cannot be an HTTP header at all.
        """
        budget = Budget(time.monotonic() + budget_s)
        headers = _headers(credentials)
        transport = self._transport or DeadlineTransport(budget.deadline, self._tls)
        with httpx.Client(
            transport=transport, headers=headers, follow_redirects=False, trust_env=False
        ) as client:
            yield EhrReading(self.base_url, client, budget, self._pause)


class EhrReading:
    """Requests of one reading, all within its budget."""

    def __init__(
        self, base_url: str, client: httpx.Client, budget: Budget, pause: Callable[[float], None]
    ) -> None:
        self._base, self._client, self.budget, self._pause = base_url, client, budget, pause
        self._followed: set[str] = set()

    def get(self, target: str) -> Answer:
        """What stands at an address below the base.

        Raises:
            EhrTimeoutError, EhrAnswerTooLargeError: the budget is used up.
            EhrUnavailableError: it failed, and again when asked again as long as the budget allowed.
            EhrRefusedError: any answer that may mean "not with these credentials".
            EhrAnswerInvalidError: the address is another server's.
        """
        url = self._own(target)
        self.budget.page()
        for own_wait_s in (*RETRY_WAITS_S, None):
            bytes_left = self.budget.bytes_left
            status, asked_wait_s, answer = self._tried(url)
            if answer is not None:
                return answer
            wait_s = own_wait_s if asked_wait_s is None else asked_wait_s
            if own_wait_s is None or wait_s is None or not self.budget.may_wait(wait_s):
                break
            self._pause(wait_s)
            self.budget.bytes_left = bytes_left
        raise EhrUnavailableError(status=status) if status else EhrUnavailableError()

    def follow(self, link: str) -> Answer:
        """The page a link leads to.

        Raises, beside what `get` raises:
            EhrAnswerInvalidError: this page was read before: the links lead in a circle.
            EhrUnavailableError: the server does not keep its page any more.
        """
        url = self._own(link)
        if url in self._followed:
            raise EhrAnswerInvalidError(expected="page links that come to an end")
        self._followed.add(url)
        answer = self.get(url)
        if answer.status in (404, 410):
            raise EhrUnavailableError(status=answer.status)
        return answer

    def _own(self, target: str) -> str:
        try:
            url = urljoin(self._base, target)
            is_own = _place(urlsplit(url)) == _place(urlsplit(self._base))
        except ValueError:
            is_own = False
        if not is_own:
            raise EhrAnswerInvalidError(expected="page links to the same server")
        return url

    def _tried(self, url: str) -> tuple[int, float | None, Answer | None]:
        """Status, the wait the server asks for, and the answer; no answer where another try may help."""
        try:
            with self._client.stream("GET", url, timeout=self.budget.seconds()) as response:
                if _is_trouble(response.status_code):
                    return response.status_code, _retry_after_s(response.headers.get("retry-after")), None
                return response.status_code, None, self._read(response)
        except (httpx.ConnectTimeout, httpcore.ConnectTimeout):
            self.budget.seconds()
        except (httpx.TimeoutException, httpcore.TimeoutException):
            raise EhrTimeoutError from None
        except (httpx.InvalidURL, httpx.UnsupportedProtocol):
            raise EhrAnswerInvalidError(expected="page links to the same server") from None
        except (httpx.HTTPError, httpcore.NetworkError, httpcore.ProtocolError):
            self.budget.seconds()
        return 0, None, None

    def _read(self, response: httpx.Response) -> Answer:
        media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        answer = Answer(response.status_code, media_type)
        if answer.status not in {*_READ, *NOT_OFFERED, 410}:
            raise EhrRefusedError(status=answer.status)
        if answer.status in _READ:
            for chunk in response.iter_bytes():
                self.budget.read(len(chunk))
                self.budget.seconds()
                answer.body += chunk
        is_unknown = answer.status == 400 and answer.says_not_supported()
        answer.is_not_offered = is_unknown or answer.status in NOT_OFFERED
        return answer


def _headers(credentials: EhrCredentials) -> dict[str, str]:
    headers = {
        "Accept": "application/fhir+json, application/json;q=0.9",
        "Accept-Encoding": "identity",
        "User-Agent": "hntai",
    }
    if credentials.token:
        headers["Authorization"] = f"Bearer {credentials.token}"
    if credentials.key:
        headers["x-api-key"] = credentials.key
    if any(not value.isascii() or not value.isprintable() for value in headers.values()):
        raise EhrRefusedError
    return headers


def _is_trouble(status: int) -> bool:
    """Whether asking again may help. What may be a refusal is not here: it must open no stored record."""
    return status in (408, 429) or (status >= 500 and status != 501)


def _retry_after_s(written: str | None) -> float | None:
    """Seconds or an HTTP date. Source: RFC 9110, 10.2.3."""
    if written is None:
        return None
    if written.strip().isascii() and written.strip().isdigit():
        return float(written.strip()[:9])
    try:
        at = parsedate_to_datetime(written)
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
    except (ValueError, OverflowError):
        return None


def _place(url: SplitResult) -> tuple[str, str | None, int | None, str | None]:
    """What makes a server another one. Raises ValueError for a port that is none."""
    return url.scheme, url.hostname, url.port or _PORTS.get(url.scheme), url.username

"""POST /phi/scrub and /phi/scrub/batch; invoked directly, the same contract without HTTP."""

from __future__ import annotations

from typing import Any

from hntai.bootstrap import Parts
from hntai.contracts.scrub import ScrubAnswer, ScrubBatchAnswer, ScrubBatchRequest, ScrubRequest
from hntai.domain.identity import Scope
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped
from hntai.web.task import invoker_caller, parse_task

parts = Parts()
scrub = parts.scrub_text()
api = create_app(parts.entry("scrub"))


@api.post("/phi/scrub", response_model_exclude_none=True, **scoped(Scope.SCRUB))
def scrub_text(request: ScrubRequest, caller: CallerOf) -> ScrubAnswer:
    """The text without its identifiers."""
    return scrub(request, caller)


@api.post("/phi/scrub/batch", response_model_exclude_none=True, **scoped(Scope.SCRUB))
def scrub_batch(request: ScrubBatchRequest, caller: CallerOf) -> ScrubBatchAnswer:
    """Up to 100 documents; one result each, in order, one failing alone."""
    return scrub.batch(request, caller)


def task(payload: dict[str, Any], request_id: str) -> dict[str, Any]:
    """A direct invocation: whoever IAM lets invoke the function has the scope."""
    answer = scrub(parse_task(ScrubRequest, payload), invoker_caller(request_id))
    return answer.model_dump(mode="json", exclude_none=True)


app = observed(api)
handler = lambda_handler(app, task)

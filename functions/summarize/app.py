"""POST /api/generate_summary; invoked directly, the same contract without HTTP."""

from __future__ import annotations

from typing import Any

from hntai.bootstrap import Parts
from hntai.contracts.summary import SummaryAnswer, SummaryRequest
from hntai.domain.identity import Scope
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped
from hntai.web.task import invoker_caller, parse_task

parts = Parts()
summarize = parts.summarize_text()
api = create_app(parts.entry("summarize"))


@api.post("/api/generate_summary", **scoped(Scope.SUMMARIZE))
def generate_summary(request: SummaryRequest, caller: CallerOf) -> SummaryAnswer:
    """A summary of the text, every statement of which the text bears out."""
    return summarize(request, caller)


def task(payload: dict[str, Any], request_id: str) -> dict[str, Any]:
    """A direct invocation: whoever IAM lets invoke the function has the scope."""
    answer = summarize(parse_task(SummaryRequest, payload), invoker_caller(request_id))
    return answer.model_dump(mode="json")


app = observed(api)
handler = lambda_handler(app, task)

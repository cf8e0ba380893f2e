"""ChooseMode: how the sections will be written, given what was asked for and what there is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from hntai.domain.jobs import GenerationMode, JobId
from hntai.domain.statements import Section
from hntai.services.run_steps.step import StepPorts


class ChosenMode(TypedDict):
    """The state's output. sections are names of ours, as the Map runs over them."""

    mode: str
    sections: list[str]
    fallbacks: list[str]
    started_ms: int


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """Chooses `rule` unless a model that was asked for is baked in."""

    step: StepPorts
    has_model: Callable[[str | None, str | None], bool]
    """Whether a model of this name and type is in the image."""

    def __call__(self, job_id: JobId) -> ChosenMode:
        request = self.step.workspace.request(job_id)
        mode = GenerationMode(request.generation_mode)
        fallbacks = []
        if mode is not GenerationMode.RULE and not self.has_model(request.model_name, request.model_type):
            mode, fallbacks = GenerationMode.RULE, ["model_not_baked"]
        self.step.tell(job_id, 50, "choose_mode", mode=mode.value)
        return {
            "mode": mode.value,
            "sections": [section.name.lower() for section in Section],
            "fallbacks": fallbacks,
            "started_ms": round(self.step.clock().timestamp() * 1000),
        }

"""ChooseMode: how the sections will be written, given what was asked for and what there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict

from hntai.domain.generation import ModelType
from hntai.domain.jobs import GenerationMode, JobId
from hntai.domain.statements import Section
from hntai.ports import ModelShelf
from hntai.services.run_steps.generate_section import ALL_SECTIONS
from hntai.services.run_steps.step import StepPorts
from hntai.services.run_workspace import RunRequest

_EACH = [section.name.lower() for section in Section]


class ChosenMode(TypedDict):
    """The state's output. sections are names of ours, as the Map runs over them."""

    mode: str
    sections: list[str]
    fallbacks: list[str]
    started_ms: int


@dataclass(frozen=True, slots=True)
class ChooseMode:
    """Chooses `rule` unless a model that was asked for is baked in; `fast` asks it for all at once."""

    step: StepPorts
    shelf: ModelShelf

    def __call__(self, job_id: JobId) -> ChosenMode:
        request = self.step.workspace.request(job_id)
        mode = GenerationMode(request.generation_mode)
        fallbacks = []
        if mode is not GenerationMode.RULE and not self._has_model(request):
            mode, fallbacks = GenerationMode.RULE, ["model_not_baked"]
        self.step.tell(job_id, 50, "choose_mode", mode=mode.value)
        return {
            "mode": mode.value,
            "sections": [ALL_SECTIONS] if mode is GenerationMode.FAST else _EACH,
            "fallbacks": fallbacks,
            "started_ms": round(self.step.clock().timestamp() * 1000),
        }

    def _has_model(self, request: RunRequest) -> bool:
        """Whether such a model is in the image; a request that names none takes any."""
        if request.model_type not in {None, *ModelType}:
            return False
        kind = ModelType(request.model_type) if request.model_type else None
        return self.shelf.has_text_model(request.model_name, kind)

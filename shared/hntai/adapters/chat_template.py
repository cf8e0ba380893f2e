"""A model's chat template as a frame with two holes, so that nothing a record says can be read as frame.

The template is rendered once, over placeholders, in a sandbox; the record never passes through it. What is
put into the holes is tokenised as plain text, and markers in it are broken besides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

INSTRUCTION: Final = "\ue000\ue001\ue000"
TEXT: Final = "\ue000\ue002\ue000"
"""Private-use characters: no template trims, escapes or cuts them."""
_MARKER: Final = re.compile(r"<\|?[^\s<>]{1,40}\|?>|\[/?[A-Z_]{3,20}\]|<</?SYS>>")
"""The shapes role markers have: <|im_start|>, <end_of_turn>, </s>, [INST], <<SYS>>."""


class TemplateError(Exception):
    """The template cannot be used; what it says is not repeated here."""


@dataclass(frozen=True, slots=True)
class ChatFrame:
    """before + instruction + between + text + after is what the model reads."""

    before: str
    between: str
    after: str


def chat_frame(template: str, bos: str, eos: str) -> ChatFrame:
    """The frame this template makes of a system and a user message.

    Templates without a system role, or that pass over it, get the instruction in front of the text.

    Raises:
        TemplateError: no frame with both holes comes of it.
    """
    apart = [{"role": "system", "content": INSTRUCTION}, {"role": "user", "content": TEXT}]
    together = [{"role": "user", "content": f"{INSTRUCTION}\n\n{TEXT}"}]
    for messages in (apart, together):
        frame = _split(_rendered(template, messages, bos, eos))
        if frame:
            return frame
    raise TemplateError


def defused(text: str, markers: Iterable[str] = ()) -> str:
    """The text with each role marker broken by a blank behind its first character, so that it is only text.

    markers: those this model knows besides the shapes all use.
    """
    broken = _MARKER.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
    for marker in markers:
        if len(marker) > 1:
            broken = broken.replace(marker, f"{marker[0]} {marker[1:]}")
    return broken


def _rendered(template: str, messages: list[dict[str, str]], bos: str, eos: str) -> str:
    from jinja2 import TemplateError as JinjaError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(_message: str) -> str:
        raise JinjaError

    world = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    values = {"bos_token": bos, "eos_token": eos, "raise_exception": refuse, "add_generation_prompt": True}
    try:
        return world.from_string(template).render(messages=messages, **values)
    except (JinjaError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError):
        return ""


def _split(rendered: str) -> ChatFrame | None:
    if rendered.count(INSTRUCTION) != 1 or rendered.count(TEXT) != 1:
        return None
    before, _, rest = rendered.partition(INSTRUCTION)
    between, hole, after = rest.partition(TEXT)
    return ChatFrame(before, between, after) if hole else None

"""What Lambda asks for: memory that holds a model, and money for the seconds it is held."""

from __future__ import annotations

from typing import Final

MEMORY_MB: Final = (1769, 3538, 5307, 7076, 8845, 10240)
"""One to five vCPUs and the most there is. Source: AWS Lambda developer guide, function memory, 2025."""
DOLLARS_A_GB_S: Final = {"x86": 0.0000166667, "arm": 0.0000133334}
"""Source: aws.amazon.com/lambda/pricing, us-east-1, first tier, 2025; requests (0.20 a million) left out."""
FUNCTION_MB: Final = 150
"""Of the function beside the model's process: 102 MB resident after a demo patient's summary, and room."""


def smallest_mb(model_mb: float) -> int | None:
    """The size that holds model and function; None where none does."""
    return next((size for size in MEMORY_MB if size >= model_mb + FUNCTION_MB), None)


def dollars(memory_mb: int, seconds: float) -> dict[str, float]:
    return {kind: price * memory_mb / 1024 * seconds for kind, price in DOLLARS_A_GB_S.items()}

"""Names at the local endpoint; importing this loads no moto."""

from __future__ import annotations

ACCOUNT_ID = "123456789012"
"""moto's default account; a test holds the two together."""
REGION = "us-east-1"


def machine_arn(name: str) -> str:
    """The ARN of a state machine at the local endpoint."""
    return f"arn:aws:states:{REGION}:{ACCOUNT_ID}:stateMachine:{name}"


def function_arn(name: str) -> str:
    """The ARN of a function at the local endpoint."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT_ID}:function:{name}"

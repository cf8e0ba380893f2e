"""Who administers, as AWS knows them."""

from __future__ import annotations

from hntai.adapters.aws_clients import client
from hntai.domain.errors import UnauthenticatedError


def administrator() -> str:
    """The ARN of the credentials at hand: a name that nobody can give themselves.

    Raises:
        UnauthenticatedError: AWS knows none.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return str(client("sts").get_caller_identity()["Arn"])
    except (BotoCoreError, ClientError) as error:
        raise UnauthenticatedError from error

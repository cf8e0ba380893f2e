"""python -m tests.template.after_sam: the doors as SAM hands them over, with the authorizer and without.

Run by `make check-template`, for it needs SAM's own transform: that this version of it keeps what the body
says of a route when it adds the function's event is promised nowhere: it is looked at. A wrong door is named.
"""

from __future__ import annotations

import sys

from samtranslator.translator.transform import transform

from tests.template.authorizer import ANY_SCOPE, ASKED, OPEN, body, routes, security
from tests.template.cloudformation import TEMPLATE, Node
from tests.template.resolve import GONE

_PACKAGED = {
    "AWS::Serverless::Function": ("ImageUri", "111111111111.dkr.ecr.us-east-1.amazonaws.com/hntai:1"),
    "AWS::Serverless::StateMachine": ("DefinitionUri", "s3://bucket/key"),
}
"""What `sam build` and `sam deploy` write into a template before it is transformed."""


def transformed() -> Node:
    """template.yaml after SAM, its conditions still open."""
    resources = {name: dict(found) for name, found in TEMPLATE["Resources"].items()}
    for found in resources.values():
        if found["Type"] in _PACKAGED:
            key, value = _PACKAGED[found["Type"]]
            found["Properties"] = {**found["Properties"], key: value}
    return transform({**TEMPLATE, "Resources": resources}, {}, None)


def wrong_doors(template: Node) -> list[str]:
    """Doors that are not what they should be, each with the state it is wrong in."""
    wanted: dict[str, Node] = {door: None if door in OPEN else ANY_SCOPE for door in routes()}
    asked, plain = body(template, "Body", **ASKED), body(template, "Body")
    wrong = differing("with the authorizer", security(asked), wanted)
    wrong += differing("without it", security(plain), dict.fromkeys(wanted))
    if "Jwt" not in asked.get("components", {}).get("securitySchemes", {}):
        wrong.append("with the authorizer: there is none")
    return wrong


def differing(state: str, found: dict[str, Node], wanted: dict[str, Node]) -> list[str]:
    """What is missing, what is too much, and what asks for something else."""
    doors = sorted(found.keys() | wanted.keys())
    return [f"{state}: {door}" for door in doors if found.get(door, GONE) != wanted.get(door, GONE)]


def main() -> int:
    """0 where every door is as it should be in both states."""
    wrong = wrong_doors(transformed())
    for door in wrong:
        print(f"not as it should be, {door}")
    if not wrong:
        print(f"after SAM: {len(routes())} doors, {len(OPEN)} of them open with JwtAuthorizer, all without")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

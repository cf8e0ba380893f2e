"""template.yaml as CloudFormation reads it, and the few questions these tests ask of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
Node = Any
"""A part of the template: a mapping, a list or a plain value; !Tag x stands as {"Fn::Tag": x}."""


class TemplateLoader(yaml.SafeLoader):
    """Safe YAML in which short tags become the long forms they stand for."""


def _long_form(loader: TemplateLoader, tag: str, node: yaml.Node) -> Node:
    value: Node
    if isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = str(node.value)
    if tag == "GetAtt":
        return {"Fn::GetAtt": value.split(".", 1)}
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


TemplateLoader.add_multi_constructor("!", _long_form)

TEMPLATE: Node = yaml.load((ROOT / "template.yaml").read_text("utf-8"), Loader=TemplateLoader)
RESOURCES: Node = TEMPLATE["Resources"]
PARAMETERS: Node = TEMPLATE["Parameters"]


def of_type(kind: str) -> dict[str, Node]:
    """Properties of every resource of a type, by logical id."""
    return {name: found["Properties"] for name, found in RESOURCES.items() if found["Type"] == kind}


FUNCTIONS = of_type("AWS::Serverless::Function")


def nodes(node: Node) -> Iterator[Node]:
    """A node and all that is in it."""
    yield node
    inside = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in inside:
        yield from nodes(child)


def references(node: Node) -> set[str]:
    """Logical ids and parameters a node names by Ref or GetAtt."""
    found = [part for part in nodes(node) if isinstance(part, dict)]
    refs = {str(part["Ref"]) for part in found if "Ref" in part}
    return refs | {str(part["Fn::GetAtt"][0]) for part in found if "Fn::GetAtt" in part}


def as_list(node: Node) -> list[Node]:
    """CloudFormation lets one value stand for a list of one."""
    return node if isinstance(node, list) else [node]


def managed_policies(role: str) -> list[str]:
    """Logical ids of the policies attached to a role, conditional ones too."""
    listed = RESOURCES[role]["Properties"]["ManagedPolicyArns"]
    return [name for node in listed for name in sorted(references(node) - {"AWS::NoValue"})]


def own_statements(name: str) -> list[Node]:
    """Statements written into a role or a managed policy itself."""
    properties = RESOURCES[name]["Properties"]
    documents = [policy["PolicyDocument"] for policy in properties.get("Policies", [])]
    documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
    return [statement for document in documents for statement in document["Statement"]]


def role_of(function: str) -> str:
    """Logical id of a function's role."""
    return str(FUNCTIONS[function]["Role"]["Fn::GetAtt"][0])


def statements(role: str) -> list[Node]:
    """Everything a role may do, its attached policies included."""
    return [part for name in (role, *managed_policies(role)) for part in own_statements(name)]


def environment(function: str) -> dict[str, Node]:
    """A function's own settings, without those of Globals."""
    variables: dict[str, Node] = FUNCTIONS[function]["Environment"]["Variables"]
    return variables

"""A part of the template as CloudFormation has it once the parameters are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.template.cloudformation import Node

GONE = object()
"""What AWS::NoValue stands for: the key or the item is not there."""
_OPERATORS: dict[str, Callable[[list[Node]], bool]] = {
    "Fn::Equals": lambda sides: str(sides[0]) == str(sides[1]),
    "Fn::Not": lambda sides: not sides[0],
    "Fn::Or": any,
    "Fn::And": all,
}


_OF_TEXT: dict[str, Callable[[Node, Node], Node]] = {
    "Fn::Join": lambda between, parts: between.join(parts.split(",") if isinstance(parts, str) else parts),
    "Fn::Split": lambda between, text: text.split(between),
    "Fn::Select": lambda index, parts: parts[int(index)],
}
"""A list parameter is one text with commas."""


def defaults(template: Node, **given: str) -> dict[str, Node]:
    """The template's parameters: what is given, else its default, else nothing at all."""
    unknown = given.keys() - template["Parameters"].keys()
    assert not unknown
    return {name: given.get(name, found.get("Default", "")) for name, found in template["Parameters"].items()}


def holds(template: Node, parameters: Mapping[str, Node], condition: Node) -> bool:
    """Whether a condition, by name or written out, is true of the parameters."""
    if isinstance(condition, str):
        return holds(template, parameters, template["Conditions"][condition])
    ((word, inside),) = condition.items()
    if word == "Condition":
        return holds(template, parameters, inside)
    if word == "Fn::Equals":
        return _OPERATORS[word]([_plain(template, parameters, side) for side in inside])
    return _OPERATORS[word]([holds(template, parameters, part) for part in inside])


def resolve(template: Node, parameters: Mapping[str, Node], node: Node) -> Node:
    """The node with its !If decided and its parameters filled in; other functions stay as they are."""
    if isinstance(node, list):
        return [found for part in node if (found := resolve(template, parameters, part)) is not GONE]
    if not isinstance(node, dict):
        return node
    if "Fn::If" in node:
        condition, met, otherwise = node["Fn::If"]
        return resolve(template, parameters, met if holds(template, parameters, condition) else otherwise)
    if node == {"Ref": "AWS::NoValue"}:
        return GONE
    if len(node) == 1 and node.get("Ref") in parameters:
        return parameters[node["Ref"]]
    found = {key: resolve(template, parameters, part) for key, part in node.items()}
    return {key: part for key, part in found.items() if part is not GONE}


def _plain(template: Node, parameters: Mapping[str, Node], node: Node) -> Node:
    """The value of one side of an Fn::Equals."""
    if isinstance(node, list):
        return [_plain(template, parameters, part) for part in node]
    if isinstance(node, dict) and (words := node.keys() & _OF_TEXT.keys()):
        (word,) = words
        return _OF_TEXT[word](*(_plain(template, parameters, part) for part in node[word]))
    return resolve(template, parameters, node)

"""XML as a tree, from a parser that knows no entity, no DTD and nothing outside the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from hntai.domain.errors import DocumentUnreadableError

MAX_DEPTH: Final = 256
MAX_NODES: Final = 2_000_000
_CUT: Final = frozenset({"no element found", "unclosed token", "unclosed CDATA section"})
"""What expat says where a document ends before its end. Source: expat, xmlparse.c, XML_ErrorString."""


@dataclass(slots=True)
class Node:
    """An element, its name and its attributes' without their namespaces."""

    name: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def elements(self, *names: str) -> Iterator[Node]:
        """Children of these names; all of them without."""
        for child in self.children:
            if isinstance(child, Node) and (not names or child.name in names):
                yield child

    def at(self, *path: str) -> Node | None:
        """The first element under the path."""
        node: Node | None = self
        for name in path:
            node = next(node.elements(name), None) if node else None
        return node

    def words(self) -> str:
        """All text in it."""
        return "".join(child if isinstance(child, str) else child.words() for child in self.children)


def parsed_xml(content: bytes) -> Node:
    """The root.

    Raises:
        DocumentUnreadableError: not well formed; cause `entities` where it declares a DTD, `too_deep` or
            `bomb` beyond the limits, `truncated` where it ends before its end.
    """
    building = _Building()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = building.start, building.end
    parser.CharacterDataHandler = building.data
    parser.StartDoctypeDeclHandler = building.refuse
    parser.EntityDeclHandler = building.refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        cause = "truncated" if expat.ErrorString(getattr(error, "code", 0)) in _CUT else "damaged"
        raise DocumentUnreadableError(cause=cause) from None
    return building.root


class _Building:
    def __init__(self) -> None:
        self._top = Node("", {})
        self._open, self._count = [self._top], 0

    @property
    def root(self) -> Node:
        return next(self._top.elements())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > MAX_DEPTH:
            raise DocumentUnreadableError(cause="too_deep", limit=MAX_DEPTH)
        if self._count > MAX_NODES:
            raise DocumentUnreadableError(cause="bomb", limit=MAX_NODES)
        node = Node(_local(name), {_local(key): value for key, value in attributes.items()})
        self._open[-1].children.append(node)
        self._open.append(node)

    def end(self, _name: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].children.append(text)

    def refuse(self, *_declaration: object) -> None:
        raise DocumentUnreadableError(cause="entities")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]

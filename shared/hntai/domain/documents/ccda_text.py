"""C-CDA: who it is about, and every section's title and narrative, tables as rows."""

from __future__ import annotations

from typing import Final

from hntai.domain.documents.document import Page
from hntai.domain.documents.layout import Layout
from hntai.domain.documents.xml_tree import Node, parsed_xml
from hntai.domain.errors import DocumentUnreadableError

_LINES: Final = frozenset({"paragraph", "item", "list", "table", "caption", "br", "text", "title"})
"""Source: HL7 CDA R2, narrative block (NarrativeBlock.xsd)."""


def ccda_pages(content: bytes, layout: Layout) -> list[Page]:
    """One page: title, patient, sections in order with what they hold.

    Raises:
        DocumentUnreadableError: not well formed, or no clinical document.
    """
    root = parsed_xml(content)
    if root.name != "ClinicalDocument":
        raise DocumentUnreadableError(cause="damaged")
    _line(root.at("title"), layout)
    for target in root.elements("recordTarget"):
        _patient(target, layout)
    for component in root.elements("component"):
        _body(component, layout)
    return [Page(number, text) for number, text in enumerate(layout.pages(), 1)]


def _patient(target: Node, layout: Layout) -> None:
    role = target.at("patientRole")
    name = role.at("patient", "name") if role else None
    born = role.at("patient", "birthTime") if role else None
    if name is not None:
        layout.words("Patient: " + " ".join(part.words().strip() for part in name.elements()))
        layout.end_line()
    if born is not None and born.attributes.get("value"):
        layout.words("Born: " + born.attributes["value"])
        layout.end_line()


def _body(component: Node, layout: Layout) -> None:
    for body in component.elements("structuredBody", "nonXMLBody"):
        if body.name == "nonXMLBody":
            text = body.at("text")
            if text is not None and text.attributes.get("representation") != "B64":
                _narrative(text, layout)
            continue
        for part in body.elements("component"):
            _sections(part, layout)


def _sections(component: Node, layout: Layout) -> None:
    for section in component.elements("section"):
        _line(section.at("title"), layout)
        text = section.at("text")
        if text is not None:
            _narrative(text, layout)
            layout.end_row()
        for inner in section.elements("component"):
            _sections(inner, layout)


def _line(node: Node | None, layout: Layout) -> None:
    if node is not None:
        layout.words(node.words())
        layout.end_line()


def _narrative(node: Node, layout: Layout) -> None:
    for child in node.children:
        if isinstance(child, str):
            layout.words(child)
            continue
        if child.name == "tr":
            layout.begin_row()
        elif child.name in _LINES:
            layout.end_line()
            layout.words("- " if child.name == "item" else "")
        _narrative(child, layout)
        if child.name in ("td", "th"):
            layout.end_cell()
        elif child.name == "tr":
            layout.end_row()
        elif child.name in _LINES:
            layout.end_line()

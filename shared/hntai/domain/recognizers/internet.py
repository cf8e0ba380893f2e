"""E-mail addresses, web addresses, IP and hardware addresses. Public references without a path stay."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hntai.domain.note import Note
from hntai.domain.spans import PhiType, Span, span_of

_EMAIL = re.compile(
    r"(?<![\w.+'’%-])[\w.+'’%-]{1,64}(?:@|\s?[(\[]at[)\]]\s?)"
    r"(?:[^\W_][\w-]{0,62}\.){1,6}[^\W\d_]{2,24}(?![\w-])"
)
_AT = re.compile(r"@|[(\[]at[)\]]")
_MAILBOX = re.compile(r"(?<![\w.+'’%-])[\w.+'’%-]{1,64}\s?\Z")
_SPOKEN_EMAIL = re.compile(
    r"(?i)(?<![\w.+-])[\w.+-]{2,64} at [a-z0-9-]{2,40} dot (?:com|org|net|edu|gov|us|uk)\b"
)
_URL = re.compile(r"(?i)(?<![^\W_])(?:[a-z][a-z0-9+]{1,14}://|www\.)[^\s<>\"'{}|\\^`\[\]]{2,2000}")
_PATH_URL = re.compile(
    r"(?i)(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){1,5}(?:com|org|net|edu|gov|io|health|us|uk|co|ly|"
    r"me|info)/[^\s<>\"'{}|\\^`\[\]]{2,2000}"
)
_DOMAIN_PATH = re.compile(r"(?i)\.(?:com|org|net|edu|gov|io|health|us|uk|co|ly|me|info)/")
"""What the path of an address without www stands behind; a quick look spares most notes the slow one."""
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.])(?:{_OCTET}\.){{3}}{_OCTET}(?:/\d{{1,2}}|:\d{{2,5}})?(?![\w]|\.\d)")
_IPV6 = re.compile(
    r"(?<![\w:.])(?=[0-9A-Fa-f:.]{0,45}:[0-9A-Fa-f:.]{0,45}:)(?:[0-9A-Fa-f]{1,4}|:)"
    r"(?::[0-9A-Fa-f]{0,4}){2,7}(?![\w:])"
)
_MAC = re.compile(r"(?<![\w:-])[0-9A-Fa-f]{2}(?:([:-])[0-9A-Fa-f]{2})(?:\1[0-9A-Fa-f]{2}){4}(?![\w:-])")
_COLONS = re.compile(r":[0-9A-Fa-f]{0,4}:")
_PAIRS = re.compile(r"([:-])[0-9A-Fa-f]{2}\1[0-9A-Fa-f]{2}\1")
"""What an IPv6 and a MAC address hold; a quick look spares most notes the slow one."""
_VERSION_BEFORE = re.compile(r"(?i)(?:firmware|version|software|release|section|rev|v)\W{0,3}\Z")
_TRAILING = ".,;:!?)*'’"


def recognize_internet(note: Note) -> Iterator[Span]:
    """E-mail, URL, IP and MAC spans."""
    text = note.text
    for match in _emails(note):
        yield span_of(match, PhiType.EMAIL, 0.99, "email")
    for match in _addresses(note):
        end = match.start() + len(match.group().rstrip(_TRAILING))
        yield Span(match.start(), end, PhiType.URL, 0.97, "url")
    for match in note.matches(_IPV4, note.numbers_of(1, 2, 3)):
        if not _VERSION_BEFORE.search(text, max(0, match.start() - 20), match.start()):
            yield span_of(match, PhiType.IP, 0.95, "ip_v4")
    if _COLONS.search(text):
        yield from _colon_addresses(text)
    if _PAIRS.search(text):
        for match in _MAC.finditer(text):
            yield span_of(match, PhiType.DEVICE, 0.9, "mac_address")


def _emails(note: Note) -> Iterator[re.Match[str]]:
    text = note.text
    if "dot" in note.words:
        yield from _SPOKEN_EMAIL.finditer(note.text)
    if "@" not in text and "at" not in note.words:
        return
    mailboxes = (_MAILBOX.search(text, max(0, at.start() - 66), at.start()) for at in _AT.finditer(text))
    yield from note.matches(_EMAIL, (mailbox.start() for mailbox in mailboxes if mailbox))


def _addresses(note: Note) -> Iterator[re.Match[str]]:
    if "://" in note.text or "www" in note.words:
        yield from _URL.finditer(note.text)
    if _DOMAIN_PATH.search(note.text):
        yield from _PATH_URL.finditer(note.text)


def _colon_addresses(text: str) -> Iterator[Span]:
    for match in _IPV6.finditer(text):
        groups = match.group()
        if groups.count(":") == 7 or ("::" in groups and any(sign.isalnum() for sign in groups)):
            yield span_of(match, PhiType.IP, 0.95, "ip_v6")

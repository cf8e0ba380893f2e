"""Phones, faxes, e-mail, web and network addresses, and what looks like them."""

import pytest

from tests.unit.marked_notes import marked, unmarked

CONTACTS = (
    "{PHONE (415) 555-0139 x22}; {PHONE 415.555.0177}; call {PHONE 555-0142}; {PHONE +44 20 7946 0857}",
    "Reach her at {PHONE 503-555-0188}, fax {FAX (503) 555-0190}.",
    "P: {PHONE +1 (503) 555-0157}  F: {FAX (202)555-0137 ext. 39}",
    "pager {PHONE p71834}; ext {PHONE 5-0142}; TEL: {PHONE 406.555.0105}",
    "Records faxed to {FAX 766 623 0913}.",
    "Email {EMAIL m.o'dowd+clinic@example.co.uk}; {EMAIL jane at example dot com}",
    "See {URL https://clinic.example.org/u/4471} and {URL www.testfamily.example.com}.",
    "Login from {IP 198.51.100.23}; {IP 2001:db8::ff00:42:8329}; {DEVICE 00:1A:2B:3C:4D:5E}",
)
NO_CONTACTS = (
    "vitals 110-145-180; rates 60-100; 8-10 hours; 250-500 mg; ratio 1:2; at 08:30",
    "heart.org is a good source; firmware 5.5.0.14; section 1.2.3.4",
    "p.o. intake 1200; pH 7.4; f/c/n/v denied",
)


@pytest.mark.parametrize("row", CONTACTS)
def test_contact_is_found_whole(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", NO_CONTACTS)
def test_ranges_versions_and_public_references_stay(row: str) -> None:
    assert marked(row) == row

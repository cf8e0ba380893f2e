"""Clinical entities out of free text: what is said, where, of whom, and whether it is so.

`extract(text)` in extract.py is the door; `bundle(...)` in fhir_bundle.py writes what it finds as FHIR R4.
"""

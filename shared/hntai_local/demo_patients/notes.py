"""The clinical notes of the demo patients, full of identifiers to be removed; fields come from People."""

from __future__ import annotations

_HEADER = """{hospital}
Patient: {family}, {given}    DOB: {birth_date}    MRN: {mrn}
Date of visit: {today}
Address: {street}, {town}, MA {postal_code}    Phone: {phone}    SSN: {ssn}

"""
_FOOTER = """
Contact: {relative} ({relative_phone}), e-mail {email}.
Next appointment on {next}.
Electronically signed by Dr. {doctor}, MD, {hospital}
"""

KIDNEY_NOTE = (
    _HEADER
    + """HPI: Ms. {family} has type 2 diabetes, hypertension and chronic kidney disease and comes with knee
pain for three weeks and pressure over the sinuses. She takes naproxen twice a day since {relative} bought it
for her. No chest pain. She denies shortness of breath.

Allergies: penicillin (anaphylaxis).
Vitals: BP 152/86, weight 88.1 kg.
Assessment: eGFR has fallen to 34, potassium 5.8 mmol/L. {given} was called at {phone} about the result.
Plan: review naproxen, spironolactone and metformin; avoid penicillins.
"""
    + _FOOTER
)

HEART_NOTE = (
    _HEADER
    + """HPI: Mr. {family} has heart failure and atrial fibrillation and noticed bruises on both arms. He was
started on amiodarone after his stay at {hospital}. His wife {relative} fills his pill box. No black stools.

Vitals: BP 116/68, HR 66, weight 80.8 kg.
Assessment: INR 4.9 on warfarin with amiodarone. Results were faxed to (617) 555-0147.
Plan: hold warfarin, repeat INR within two days, look for bleeding.
"""
    + _FOOTER
)

THYROID_NOTE = (
    _HEADER
    + """HPI: Ms. {family} feels less tired since her levothyroxine was raised ten weeks ago. Asthma is
quiet. She lives with {relative} in {town}.

Allergies: ibuprofen (wheezing).
Assessment: TSH back in range.
Plan: go on with levothyroxine, TSH in a year. Reach {given} at {email}.
"""
    + _FOOTER
)

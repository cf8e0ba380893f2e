"""Tables of sentences, the finding in brackets, and what is said of it."""

from __future__ import annotations

import pytest

from hntai.domain.extraction.assertion import Assertions
from hntai.domain.extraction.note import read_note

SAID = {
    "negated": (
        "No [fever].",
        "Denies fever, chills, nausea, vomiting, or [chest pain].",
        "Lungs without [wheezes].",
        "Pt w/o [edema].",
        "[Pneumonia] was ruled out.",
        "He was ruled out for [myocardial infarction].",
        "Negative for headache, dizziness and [syncope].",
        "In no [acute distress].",
        "Fever: no, [cough]: no.",
        "There is no evidence of [pneumothorax] or effusion.",
        "No history of [diabetes].",
        "Neither [rash] nor itching.",
        "No change in vision or [hearing loss].",
        "[Murmurs] are absent.",
        "Low suspicion for [pulmonary embolism].",
        "[Aortic dissection] ruled out by CTA.",
        "[PE] considered but unlikely.",
        "[PE] felt unlikely on apixaban.",
        "Stress test was negative for [ischemia].",
        "-[CP], -palps, -f/c, +PND",
        "[MI], which was ruled out.",
        "ROS: (-) [fever] (+) cough",
    ),
    "present": (
        "No fever but [cough].",
        "Denies chest pain, reports [dyspnea].",
        "No chest pain, lungs have [crackles].",
        "No increase in [edema].",
        "Not only [fever] was noted.",
        "Gram negative [sepsis].",
        "Slept without difficulty despite [pain].",
        "He has [asthma].",
        "No fever; [rash] on the arms.",
        "Three day history of [chest pain].",
        "Mother reports that he has [fever].",
        "The old man has [pneumonia].",
        "No relief of [pain].",
        "No CP: -SOB, -cough, +[PND]",
        "PAST MEDICAL HISTORY: none. HPI: [cough] -SOB",
        "PE unlikely on exam, [cough] for two days.",
        "Daughter brought him in, he has [T1DM].",
        "Lives with her daughter and has [COPD].",
        "Daughter has noticed [confusion].",
        "Friend noticed [jaundice].",
        "Lives with a roommate, has [asthma].",
        "Brought in by friends for [seizure].",
        "Roommate has COVID, patient has [cough].",
        "Assessment: -[HTN] -DM -CAD",
        "HPI: HTN -[DM] -cough",
        "No statin given [myopathy].",
        "The biopsy was small relative to the [tumor].",
        "ROS: (-) fever (+) [cough]",
        "Felt no pain but had [nausea].",
    ),
    "possible": (
        "Cannot rule out [pneumonia].",
        "R/o [appendicitis].",
        "Probable [stroke].",
        "[Pneumonia] cannot be excluded.",
        "Concerning for [cellulitis].",
        "May represent [atelectasis].",
        "CXR without infiltrate, possible mild pulmonary [edema]",
    ),
    "historical": (
        "History of [stroke].",
        "H/o DM2, HTN and [gout].",
        "S/p [hip fracture].",
        "PMH: asthma, [migraine]",
        "PAST MEDICAL HISTORY\nHypertension.\n[GERD].\n",
        "Previous [DVT].",
        "[Hepatitis] as a child.",
        "[Cellulitis] has resolved.",
        "He had [AKI] and pneumonia, both of which have resolved.",
        "He had AKI and [pneumonia], both of which have resolved.",
    ),
    "hypothetical": (
        "Return if you have [fever] or vomiting.",
        "At risk for [falls].",
        "Call if [chest pain] develops.",
        "Monitor for [bleeding].",
        "heparin for [DVT] ppx",
        "Roommate has [strep throat].",
        "Two roommates with [COVID-19].",
        "Here with a friend who has [influenza].",
        "Neighbor had [tuberculosis].",
        "Coworker tested positive for [COVID-19].",
        "Exposed to a classmate with [measles].",
        "[Measles] exposure at school.",
        "[DVT] prophylaxis with heparin",
    ),
    "family": (
        "Mother had [breast cancer].",
        "Family history of [diabetes] and stroke.",
        "FAMILY HISTORY: [hypertension] in his father.",
        "History of [colon cancer] in her brother.",
        "Daughter has [T1DM].",
        "Her daughter, who has [asthma], brought her in for cough.",
        "SHx: lives with wife. Daughter has [T1DM]",
        "Lives with a son who has [schizophrenia].",
        "Spouse deceased from [lung cancer].",
        "Wife was diagnosed with [breast cancer].",
    ),
}


@pytest.mark.parametrize(
    ("marked", "wanted"), [(marked, said) for said, listed in SAID.items() for marked in listed]
)
def test_a_finding_is_said_to_be_what_its_sentence_says(marked: str, wanted: str) -> None:
    place = marked.index("[")
    text = marked.replace("[", "").replace("]", "")
    note = read_note(text)
    assert Assertions(note).of(note.words.at(place)) == wanted

"""Names by title, label, relation, credential, banner, list; and the words that only look like names."""

import pytest

from tests.unit.marked_notes import marked, unmarked

CUED = (
    "Patient {NAME John Doe}, seen today.",
    "Patient: {NAME Wren Foxmere}",
    "Mr. {NAME Okafor} and Mrs. {NAME Nguyễn} came.",
    "d/w Dr {NAME Pham} about the plan.",
    "Dr. {NAME Long} agrees.",
    "pt's dtr {NAME keisha} is here",
    "talked to {NAME maria} (wife), pt wants full code",
    "nurse {NAME vincenzo} notified",
    "mrs {NAME jones} called",
    "Seen with {NAME Summer} (daughter).",
    "Her son {NAME Will} helps.",
    "Attending: {NAME S.W.}",
    "Resident: {NAME D. Iwu}, PGY-2",
    "{NAME Lena Brandt}, NP",
    "{NAME SMITH,JOHN Q} was seen.",
    "NAME: {NAME HOLLOWAY,BERNARD Q}   UNIT: 5E",
    "Transcribed by {NAME wy}.",
    "Dear Dr. {NAME Lorch},",
    "Signed: {NAME Don Madrid}, MD",
    '"patient":"{NAME Viola Hawthorne}"',
    "Mother {NAME Thuy-Linh Pham} and uncle {NAME José Ángel Peña} present.",
    "{NAME Ludwig van der Berg} presents with cough.",
    "Treating therapist {NAME A. Larkspur} called.",
    "My name is {NAME lena andersson}.",
    "check dosing for {NAME olumide adeyemi} dob {DATE 4/12/61}",
    "pt {NAME temitope ogunleye}, 45yo w/ cp",
    "{NAME maria garcia-lopez} called re: refill",
    "plan: call {NAME jamal} tmrw, check INR",
    "Thank you for referring Mrs. {NAME Aoibheann Ní Chonaill}.",
)
LISTED = (
    "{NAME Kira Bracken-Goldleaf} developed a rash.",
    "{NAME Hartwell, Isolde}; born in 1950",
    "{NAME June Park} was seen in June at the park.",
    "{NAME Art Banks} works at a bank and paints art.",
    "{NAME Faith Hill-Moody} lost faith in treatment; walks up a hill.",
    "{NAME MICHAEL JORDAN} WAS SEEN. HE DENIES CHEST PAIN.",
    "{NAME Chakradev Patino} is a 55-year-old man",
)
NEAR_MISSES = (
    "chest pain 62 yo m; hx htn dm 62yo",
    "swallow eliquis xarelto 45yo; call pharmacy; page surgery",
    "Parkinson disease, Foley catheter, Graves disease, Babinski sign, Homans negative.",
    "Lachman test, Wells score, Apgar 9, Bishop score, Jackson-Pratt drain, Swan-Ganz.",
    "Lewy body dementia, Creutzfeldt-Jakob disease, Guillain-Barre Syndrome, Bell's palsy.",
    "Kerlix, Hemovac and Blake drain in place; Ludwig angina resolved; Baker cyst seen.",
    "May need follow up. Will monitor. Hope to discharge. Brown sputum. Young woman. Long history.",
    "Allegra, Aleve, Camila daily; Metoprolol Tartrate 25 mg; Lantus SoloStar.",
    "CHIEF COMPLAINT: Chest Pain. Past Medical History: Type 2 Diabetes Mellitus.",
    "PATIENT REGISTRATION",
    "Mother: GERD. Father: CAD, Non-Hodgkin's lymphoma.",
    "The patient is a New York native who moved to Texas from Mexico. Speaks Spanish.",
    "EKG NSR 72, QTc 441, LAD, LVH by Sokolow-Lyon criteria.",
    "Glasgow Coma Scale 15. Ranson criteria. Salter-Harris II fracture. Nissen fundoplication.",
)
EPONYM_PEOPLE = (
    "Dr. {NAME Parkinson} saw Mr. {NAME Foley} for Parkinson disease.",
    "Mrs. {NAME Crohn} has ulcerative colitis and not Crohn disease.",
    "Murphy sign positive; surgeon Dr. {NAME Murphy} consulted.",
    "Cushing reflex and Kussmaul breathing; son {NAME Cushing, Derek} informed.",
)


@pytest.mark.parametrize("row", CUED)
def test_name_beside_a_cue_is_found_and_the_cue_stays(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", LISTED)
def test_listed_name_in_personal_context_is_found(row: str) -> None:
    assert marked(unmarked(row)) == row


@pytest.mark.parametrize("row", NEAR_MISSES)
def test_words_of_medicine_and_headings_are_no_names(row: str) -> None:
    assert marked(row) == row


@pytest.mark.parametrize("row", EPONYM_PEOPLE)
def test_person_called_like_an_eponym_is_found_and_the_eponym_stays(row: str) -> None:
    assert marked(unmarked(row)) == row


def test_found_name_is_found_again_in_any_case() -> None:
    row = "Patient: {NAME Anna Testpatient}. {NAME TESTPATIENT} ate well. Told {NAME testpatient} to rest."
    assert marked(unmarked(row)) == row

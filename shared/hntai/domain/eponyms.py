"""Whether a name stands for a thing of medicine here: Parkinson disease stays, Dr. Parkinson goes.

Protection is by the words beside the name, never by the name alone.
"""

from __future__ import annotations

import re
from typing import Final

from hntai.domain.lexicons import lexicon
from hntai.domain.name_shapes import folded

_THING: Final = (
    r"(?:disease|dz|syndrome|sign|signs|test|tests|testing|maneuver|manoeuvre|manuver|catheter|cath|drain|drains|drainage|tube|score|scores|scale|criteria|"
    r"criterion|classification|grade|grading|stage|staging|class|index|fracture|fractures|fx|palsy|palsies|chorea|dementia|encephalopathy|thyroiditis|contracture|"
    r"contractures|tumor|tumors|tumour|lymphoma|sarcoma|anemia|ataxia|esophagus|oesophagus|diverticulum|diverticula|duct|ducts|gland|glands|cyst|cysts|node|nodes|nodule|"
    r"nodules|body|bodies|cell|cells|fiber|fibers|reflex|reflexes|response|breathing|respirations|respiration|procedure|operation|repair|resection|approach|incision|"
    r"position|technique|method|stain|staining|lines?|port|clamp|forceps|retractor|needle|wire|wires|nail|plate|pin|rod|frame|boot|boots|brace|splint|collar|sling|bag|"
    r"gauze|dressing|gait|murmur|pulse|pulses|triad|tetrad|law|phenomenon|phenomena|effect|reaction|antigen|virus|infection|fever|angina|gangrene|hernia|ulcer|ulcers|lesion|"
    r"lesions|rash|spots?|patch|patches|nevus|melanoma|carcinoma|cancer|leukemia|purpura|arteritis|vasculitis|granulomatosis|nephritis|cirrhosis|pouch|space|triangle|ligament|"
    r"tendon|tendonitis|tendinosis|canal|foramen|artery|vein|nerve|muscle|fascia|membrane|capsule|cartilage|joint|deformity|malformation|anomaly|block|rhythm|"
    r"wave|waves|formula|equation|rule|rules|nomogram|protocol|regimen|solution|lactate|agar|thermometer|monitor|study|studies|ultrasound|coma|inventory|questionnaire|"
    r"assessment|exam|examination|chart|fold|impingement|lift|squeeze|compression|drawer|negative|positive|type|psychosis|aphasia|area|epilepsy|seizures?|"
    r"spondylitis|neuroma|stroke|hemorrhage|plexus|papilla|ring|rings|web|lung|edema|crisis|storm|exophthalmos|ophthalmopathy|orbitopathy|dermopathy|smear|lavage|bypass|"
    r"shunt|graft|stent|valve|filter|pump|paralysis|paresis|tremor|facies|parkinsonism|gene|mutation|factor|scoring|sinus|surgery|chemotherapy|therapy|prep)"
)
_CORE: Final = (
    r"(?:disease|syndrome|sign|signs|test|maneuver|catheter|drain|tube|score|scale|criteria|classification|grade|stage|index|fracture|palsy|chorea|"
    r"contracture|lymphoma|sarcoma|tumor|anemia|esophagus|diverticulum|duct|cyst|reflex|procedure|operation|repair|stain|clamp|forceps|gait|murmur|"
    r"triad|phenomenon|antigen|virus|angina|hernia|pouch|ligament|deformity|malformation|formula|equation|protocol|regimen|coma|inventory|questionnaire)"
)
_AFTER = re.compile(rf"(?i)(?:['’]s?)?[ -]{{1,2}}(?:[\w]{{1,16}}[- ])?{_THING}(?![^\W_])|(?:['’]s?)?[ -](?:[IVX]{{1,3}}|[A-D\d])?[ -]?{_THING}(?![^\W_])")
_RIGHT_AFTER = re.compile(rf"(?i)(?:['’]s?)?[ -]{{1,2}}{_CORE}(?![^\W_])")
_POSSESSIVE = re.compile(r"['’]s?(?![^\W_])")
_BEFORE = re.compile(
    r"(?i)(?<![^\W_])(?:signs? of|history of|hx of|h/o|diagnosis of|diagnosed with|dx(?:ed)? with|negative|positive|no|\+|has|with|absent|present|tests?|maneuvers?|"
    r"disease of|syndrome of|triangle of|circle of|tetralogy of|ampulla of|bundle of|sphincter of|angle of|duct of|foramen of|sinus of|islets of|loop of|organ of|canal of|"
    r"ligament of|space of|node of|pouch of|line of|area of|per)[ ]{1,2}\Z"
)


def is_medical(text: str, start: int, end: int) -> bool:
    """True where the words at start..end name a disease, sign, device or scale in this place."""
    parts = {folded(part) for part in re.split(r"[\s-]+", text[start:end])}
    known = parts & lexicon("eponyms")
    if len(parts) > 1:
        return parts == known or (not re.search(r"\s", text[start:end]) and bool(_RIGHT_AFTER.match(text, end)))
    if not known:
        return bool(_RIGHT_AFTER.match(text, end))
    return bool(_AFTER.match(text, end) or _POSSESSIVE.match(text, end) or _BEFORE.search(text, max(0, start - 24), start))

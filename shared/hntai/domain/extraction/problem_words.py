"""Words that go with the names of problems, and those that make something else of them."""

from __future__ import annotations

from typing import Final

from hntai.domain.extraction.words import form_set
from hntai.domain.note import word_set

NO_PROBLEM: Final = form_set(
    "diagnosis prognosis apoptosis meiosis mitosis osmosis anastomosis dosis academia glycemia "
    "bohemia stroma stoma aroma soma diploma genoma sympathy empathy homeopathy osteopathy telepathy "
    "trophy nostalgia utopia extension intension normotension thrombolysis angioplasty hypnosis "
    "symbiosis galaxia taxia anesthesia pretension cytotoxicity phagocytosis endocytosis exocytosis "
    "pinocytosis transcytosis carcinoma-like"
)
NO_MODIFIER: Final = word_set(
    "clinical medical surgical normal typical usual several significant apparent evident general "
    "additional final initial potential special physical total typical actual negative positive "
    "following causing including having showing revealing presenting developing experiencing being "
    "during taking using receiving patient present recent frequent prevent constant different "
    "important relevant consistent resulting underlying worsening increasing ongoing possible "
    "probable similar particular increased suggestive indicative concerning denying complaining "
    "resolving improving ruling remaining treating evaluated demonstrated associated related noted "
    "treated indicated stated elevated repeated isolated rated dated situated hospital arrival "
    "interval animal trial plural final parent pregnant infant agent event content extent amount "
    "participant accident basic topic public music available able notable considerable reliable "
    "valuable bring going doing getting feeling nothing something anything everything thing morning "
    "evening spring king ring sibling monitoring testing screening imaging bearing hearing breathing "
    "nursing reading avoiding precipitating accompanying continuing"
)
NEUTRAL: Final = word_set(
    "mild moderate severe worsening stable known longstanding long standing new recent persistent "
    "underlying chronic significant ongoing increasing increased intermittent occasional some any "
    "further continued controlled uncontrolled well poorly documented current active history of with "
    "and or no denies possible probable likely the a an his her their my this that for from to has "
    "have had having is was are were by on in as at but than diagnosed treated suspected negative "
    "positive without reports reported denied developed include includes including including presents "
    "presented like both also most more very slightly mildly moderately severely associated w "
    "symptoms signs complaints complaint evidence past prior previous old remote hx h dx pmh mother "
    "father sister brother patient pt he she did does do not never be been having felt feel feeling "
    "f m yo mom mum dad fhx fh grandmother grandfather aunt uncle cousin sibling daughter son "
    "male female man woman gentleman lady boy girl feels vs if experienced experiencing experience "
    "c o r s p per due secondary presumed evaluate "
    "about"
)
NOT_BEFORE: Final = word_set(
    "index marker clinic center control volume medication medicine management reliever board "
    "suppressor unit rate count score scale antigen gene level pump specialist service screening "
    "screen meter monitor hormone factor foundation society association study trial research nurse "
    "electrocautery cautery forceps coagulation prosthesis hemiarthroplasty electrode drug agent "
    "team effect-free vaccine shot diary inventory cell model patient line site wave immune "
    "nonimmune non immunity titer igg igm serology antibody"
)
OF_SKIPPED: Final = word_set("the his her their a an both left right bilateral")
CHANGED_BY: Final = word_set("due secondary caused following from involving complicating induced")
OF_PRESSURES: Final = word_set(
    "< > ≤ ≥ = in goal of was is less greater under over above below range remains drops at"
)
RHYTHMS: Final = word_set("af afib fibrillation flutter svt tachycardia bradycardia")
"""What has a rate, and is there: `AF rate controlled`."""
NO_MASS: Final = word_set("molecular bone muscle body fat lean air water")

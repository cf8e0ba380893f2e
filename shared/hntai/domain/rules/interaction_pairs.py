"""Pairs of drugs that harm: a short list, each with its reason.

Source: FDA labels of the drugs named; the high-priority list of Phansalkar et al., J Am Med Inform Assoc
2012;19:735 (ONC); QT: CredibleMeds, known risk. To be reviewed by a clinician.
"""

from __future__ import annotations

from dataclasses import dataclass

from hntai.domain.rules.model import Urgency


@dataclass(frozen=True, slots=True)
class Pair:
    first: frozenset[str]
    """Classes or ingredients; one of them is enough."""
    second: frozenset[str]
    """The same set as `first` where any two of it harm together."""
    harm: str
    urgency: Urgency
    first_over_mg: float = 0.0
    """Only where one dose of the first is more than this."""


def _pair(first: str, second: str, harm: str, urgency: Urgency, over_mg: float = 0.0) -> Pair:
    return Pair(frozenset(first.split("|")), frozenset(second.split("|")), harm, urgency, over_mg)


_NOW, _VISIT, _ROUTINE = Urgency.NOW, Urgency.THIS_VISIT, Urgency.ROUTINE
_BLEEDING = "raises the risk of bleeding"
_BREATHING = "raises the risk of sedation and slowed breathing"
_MUSCLE = "raises the risk of muscle injury"
_SEROTONIN = "raises the risk of serotonin syndrome"
_SLOW = "raises the risk of bradycardia and heart block"
_THEO = "raises theophylline to toxic levels"
_CARBA = "raises carbamazepine levels"
_SUGAR = "raises the risk of hypoglycemia"
_IMMUNE = "makes the level of the immunosuppressant unsafe"
_SIMVA = "simvastatin|lovastatin"
_QT = "QT-prolonging drug"

PAIRS = (
    _pair("vitamin K antagonist", "NSAID|salicylate|P2Y12 inhibitor", _BLEEDING, _NOW),
    _pair("direct oral anticoagulant", "NSAID|salicylate|P2Y12 inhibitor", _BLEEDING, _VISIT),
    _pair(
        "vitamin K antagonist",
        "class III antiarrhythmic|sulfamethoxazole|azole antifungal|macrolide",
        "raises the INR and the risk of bleeding",
        _NOW,
    ),
    _pair("vitamin K antagonist", "direct oral anticoagulant|heparin", "doubles anticoagulation", _NOW),
    _pair("ACE inhibitor", "ARB", "raises the risk of hyperkalaemia and kidney injury", _VISIT),
    _pair("ACE inhibitor", "neprilysin inhibitor", "raises the risk of angioedema", _NOW),
    _pair(
        "ACE inhibitor|ARB",
        "mineralocorticoid antagonist|potassium supplement|potassium-sparing diuretic",
        "raises potassium",
        _VISIT,
    ),
    _pair(
        "simvastatin|lovastatin",
        "macrolide|azole antifungal|rate-limiting calcium channel blocker",
        _MUSCLE,
        _VISIT,
    ),
    _pair("opioid", "benzodiazepine", _BREATHING, _NOW),
    _pair("SSRI|SNRI|tramadol|triptan", "MAO inhibitor", _SEROTONIN, _NOW),
    _pair("SSRI|SNRI", "tramadol", "raises the risk of serotonin syndrome and seizures", _VISIT),
    _pair("clopidogrel", "omeprazole|esomeprazole", "weakens clopidogrel", _VISIT),
    _pair("methotrexate", "trimethoprim|sulfamethoxazole", "raises the risk of bone marrow failure", _NOW),
    _pair("nitrate", "PDE5 inhibitor", "raises the risk of severe hypotension", _NOW),
    _pair(
        "digoxin",
        "rate-limiting calcium channel blocker|class III antiarrhythmic|macrolide",
        "raises digoxin levels",
        _VISIT,
    ),
    _pair(
        "beta blocker",
        "rate-limiting calcium channel blocker",
        _SLOW,
        _VISIT,
    ),
    _pair("lithium", "thiazide|ACE inhibitor|ARB|NSAID", "raises lithium levels", _VISIT),
    _pair(
        "azathioprine|mercaptopurine",
        "xanthine oxidase inhibitor",
        "raises the risk of bone marrow failure",
        _NOW,
    ),
    _pair(
        "vitamin K antagonist",
        "metronidazole|fluoroquinolone|miconazole|fluorouracil|capecitabine|gemfibrozil",
        "raises the INR and the risk of bleeding",
        _NOW,
    ),
    _pair("vitamin K antagonist", "enzyme inducer", "lowers the INR", _VISIT),
    _pair("vitamin K antagonist|direct oral anticoagulant", "SSRI|SNRI", _BLEEDING, _ROUTINE),
    _pair("direct oral anticoagulant", "enzyme inducer", "weakens the anticoagulant", _NOW),
    _pair("direct oral anticoagulant", "heparin", "doubles anticoagulation", _NOW),
    _pair(
        "rivaroxaban|apixaban",
        "ketoconazole|itraconazole|posaconazole|ritonavir|cobicistat",
        "raises the anticoagulant and the risk of bleeding",
        _NOW,
    ),
    _pair("dabigatran|edoxaban", "dronedarone|ketoconazole|cyclosporine", _BLEEDING, _VISIT),
    _pair("ACE inhibitor|ARB", "aliskiren", "raises the risk of hyperkalaemia and kidney injury", _VISIT),
    _pair(
        "ACE inhibitor|ARB|mineralocorticoid antagonist",
        "trimethoprim",
        "raises potassium",
        _VISIT,
    ),
    _pair(
        "mineralocorticoid antagonist",
        "potassium supplement|potassium-sparing diuretic",
        "raises potassium",
        _VISIT,
    ),
    _pair(_SIMVA, "strong CYP3A4 inhibitor|cyclosporine|gemfibrozil", _MUSCLE, _NOW),
    _pair("simvastatin", "amlodipine|amiodarone|ranolazine", _MUSCLE, _VISIT, over_mg=20),
    _pair("statin", "gemfibrozil", _MUSCLE, _VISIT),
    _pair("atorvastatin|rosuvastatin|pravastatin", "cyclosporine", _MUSCLE, _VISIT),
    _pair("colchicine", "strong CYP3A4 inhibitor|cyclosporine", "raises colchicine to toxic levels", _NOW),
    _pair("opioid", "gabapentinoid|hypnotic|muscle relaxant|barbiturate", _BREATHING, _VISIT),
    _pair("benzodiazepine", "clozapine|barbiturate", _BREATHING, _VISIT),
    _pair(
        "MAO inhibitor",
        "meperidine|dextromethorphan|methadone|tapentadol|bupropion|tricyclic|mirtazapine",
        _SEROTONIN,
        _NOW,
    ),
    _pair("SSRI|SNRI", "triptan", _SEROTONIN, _ROUTINE),
    _pair("bupropion", "tramadol", "raises the risk of seizures", _VISIT),
    _pair(_QT, _QT, "lengthens the QT interval", _VISIT),
    _pair("thioridazine", "SSRI|SNRI|QT-prolonging drug", "lengthens the QT interval", _NOW),
    _pair("methotrexate", "NSAID|proton pump inhibitor|penicillin", "raises methotrexate levels", _VISIT),
    _pair("nitrate|PDE5 inhibitor", "riociguat", "raises the risk of severe hypotension", _NOW),
    _pair("alpha blocker", "PDE5 inhibitor", "raises the risk of hypotension", _VISIT),
    _pair("clonidine", "beta blocker", "raises the risk of bradycardia and rebound hypertension", _VISIT),
    _pair("beta blocker|rate-limiting calcium channel blocker", "ivabradine", _SLOW, _VISIT),
    _pair("ranolazine", "strong CYP3A4 inhibitor|enzyme inducer", "makes ranolazine unsafe or weak", _NOW),
    _pair("tizanidine", "ciprofloxacin|fluvoxamine", "raises tizanidine to toxic levels", _NOW),
    _pair("theophylline", "ciprofloxacin|fluvoxamine|clarithromycin|erythromycin", _THEO, _NOW),
    _pair("valproate", "carbapenem", "lowers valproate and lets seizures through", _NOW),
    _pair("lamotrigine", "valproate", "raises lamotrigine and the risk of severe rash", _VISIT),
    _pair("carbamazepine", "macrolide|azole antifungal|diltiazem|verapamil", _CARBA, _VISIT),
    _pair("sulfonylurea", "sulfamethoxazole|fluconazole|clarithromycin", _SUGAR, _VISIT),
    _pair("tamoxifen", "paroxetine|fluoxetine|bupropion", "weakens tamoxifen", _VISIT),
    _pair("ergot", "triptan|macrolide|strong CYP3A4 inhibitor", "narrows vessels to ischemia", _NOW),
    _pair("cyclosporine|tacrolimus", "strong CYP3A4 inhibitor|enzyme inducer", _IMMUNE, _NOW),
    _pair("ticagrelor", "strong CYP3A4 inhibitor|enzyme inducer", "makes ticagrelor unsafe or weak", _NOW),
    _pair("lithium", "mineralocorticoid antagonist|loop diuretic", "raises lithium levels", _VISIT),
)

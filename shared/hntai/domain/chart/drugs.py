"""Which ingredients a drug's name holds, and which classes they belong to.

Source: generic names as the FDA labels use them; classes as the label or the USP category says. The list is
what the rules need and the commonest drugs beside; a drug that is not in it keeps its own name.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

CLASSES: dict[str, str] = {
    "ACE inhibitor": (
        "lisinopril enalapril ramipril benazepril captopril quinapril perindopril fosinopril "
        "trandolapril moexipril"
    ),
    "ARB": "losartan valsartan candesartan olmesartan irbesartan telmisartan azilsartan eprosartan",
    "neprilysin inhibitor": "sacubitril",
    "mineralocorticoid antagonist": "spironolactone eplerenone finerenone",
    "potassium-sparing diuretic": "amiloride triamterene",
    "potassium supplement": "potassium-chloride potassium-citrate potassium-bicarbonate",
    "thiazide": "hydrochlorothiazide chlorthalidone indapamide metolazone chlorothiazide bendroflumethiazide",
    "loop diuretic": "furosemide bumetanide torsemide",
    "NSAID": (
        "ibuprofen naproxen diclofenac celecoxib meloxicam indomethacin ketorolac etodolac nabumetone "
        "piroxicam ketoprofen oxaprozin sulindac"
    ),
    "salicylate": "aspirin",
    "vitamin K antagonist": "warfarin acenocoumarol phenprocoumon",
    "direct oral anticoagulant": "apixaban rivaroxaban dabigatran edoxaban",
    "heparin": "heparin enoxaparin dalteparin fondaparinux",
    "P2Y12 inhibitor": "clopidogrel prasugrel ticagrelor",
    "statin": "simvastatin atorvastatin rosuvastatin pravastatin lovastatin fluvastatin pitavastatin",
    "macrolide": "clarithromycin erythromycin azithromycin",
    "azole antifungal": "fluconazole ketoconazole itraconazole voriconazole posaconazole",
    "penicillin": (
        "amoxicillin ampicillin penicillin piperacillin dicloxacillin nafcillin oxacillin flucloxacillin "
        "cloxacillin ticarcillin"
    ),
    "cephalosporin": (
        "cephalexin cefazolin cefuroxime ceftriaxone cefdinir cefepime cefpodoxime cefadroxil cefixime "
        "ceftazidime cefaclor"
    ),
    "sulfonamide antibiotic": "sulfamethoxazole sulfadiazine sulfisoxazole",
    "fluoroquinolone": "ciprofloxacin levofloxacin moxifloxacin ofloxacin",
    "tetracycline": "doxycycline minocycline tetracycline",
    "biguanide": "metformin",
    "sulfonylurea": "glipizide glyburide glimepiride gliclazide",
    "insulin": "insulin",
    "SGLT2 inhibitor": "empagliflozin dapagliflozin canagliflozin ertugliflozin sotagliflozin",
    "GLP-1 agonist": "semaglutide liraglutide dulaglutide exenatide tirzepatide",
    "DPP-4 inhibitor": "sitagliptin linagliptin saxagliptin alogliptin",
    "thiazolidinedione": "pioglitazone rosiglitazone",
    "beta blocker": (
        "metoprolol atenolol bisoprolol carvedilol propranolol nebivolol labetalol nadolol sotalol"
    ),
    "dihydropyridine": "amlodipine nifedipine felodipine nicardipine",
    "rate-limiting calcium channel blocker": "verapamil diltiazem",
    "cardiac glycoside": "digoxin",
    "class III antiarrhythmic": "amiodarone dronedarone",
    "nitrate": "nitroglycerin isosorbide",
    "PDE5 inhibitor": "sildenafil tadalafil vardenafil avanafil",
    "opioid": (
        "oxycodone hydrocodone morphine fentanyl hydromorphone codeine methadone tramadol tapentadol "
        "buprenorphine meperidine"
    ),
    "benzodiazepine": "diazepam lorazepam alprazolam clonazepam temazepam midazolam",
    "SSRI": "sertraline fluoxetine citalopram escitalopram paroxetine fluvoxamine",
    "SNRI": "venlafaxine duloxetine desvenlafaxine",
    "MAO inhibitor": "phenelzine tranylcypromine isocarboxazid selegiline rasagiline linezolid",
    "triptan": "sumatriptan rizatriptan zolmitriptan eletriptan naratriptan",
    "proton pump inhibitor": "omeprazole esomeprazole pantoprazole lansoprazole rabeprazole dexlansoprazole",
    "antimetabolite": "methotrexate azathioprine mercaptopurine",
    "xanthine oxidase inhibitor": "allopurinol febuxostat",
    "thyroid hormone": "levothyroxine liothyronine",
    "bisphosphonate": "alendronate risedronate ibandronate zoledronic-acid",
    "cholinesterase inhibitor": "donepezil galantamine rivastigmine",
    "lithium": "lithium",
    "antiepileptic": (
        "carbamazepine oxcarbazepine phenytoin valproate lamotrigine levetiracetam topiramate gabapentin "
        "pregabalin"
    ),
    "gabapentinoid": "gabapentin pregabalin",
    "tricyclic": "amitriptyline nortriptyline imipramine desipramine clomipramine doxepin",
    "antipsychotic": (
        "haloperidol quetiapine olanzapine risperidone aripiprazole ziprasidone chlorpromazine clozapine"
    ),
    "hypnotic": "zolpidem zaleplon eszopiclone",
    "muscle relaxant": ("cyclobenzaprine methocarbamol carisoprodol metaxalone chlorzoxazone orphenadrine"),
    "bladder anticholinergic": "oxybutynin tolterodine solifenacin darifenacin trospium fesoterodine",
    "first-generation antihistamine": (
        "diphenhydramine chlorpheniramine doxylamine hydroxyzine promethazine meclizine brompheniramine"
    ),
    "barbiturate": "phenobarbital primidone butalbital",
    "alpha blocker": "doxazosin prazosin terazosin",
    "estrogen": "estradiol ethinyl-estradiol conjugated-estrogens",
    "fibrate": "gemfibrozil fenofibrate",
    "enzyme inducer": "rifampin rifabutin carbamazepine phenytoin phenobarbital primidone",
    "strong CYP3A4 inhibitor": (
        "clarithromycin ketoconazole itraconazole voriconazole posaconazole ritonavir cobicistat"
    ),
    "QT-prolonging drug": (
        "amiodarone dronedarone sotalol dofetilide quinidine disopyramide haloperidol ziprasidone "
        "chlorpromazine methadone citalopram escitalopram clarithromycin erythromycin azithromycin "
        "moxifloxacin levofloxacin ondansetron hydroxychloroquine domperidone"
    ),
    "carbapenem": "meropenem imipenem ertapenem doripenem",
    "retinoid": "isotretinoin acitretin",
    "ergot": "ergotamine dihydroergotamine",
    "corticosteroid": (
        "prednisone prednisolone dexamethasone methylprednisolone hydrocortisone fluticasone budesonide "
        "mometasone"
    ),
    "beta agonist": "albuterol salmeterol formoterol levalbuterol",
    "antihistamine": (
        "loratadine cetirizine fexofenadine diphenhydramine chlorpheniramine astemizole doxylamine"
    ),
    "other": (
        "trimethoprim clavulanate acetaminophen memantine colchicine nitrofurantoin epinephrine "
        "leucovorin oxaliplatin alteplase dextromethorphan etonogestrel ezetimibe fenofibrate "
        "gemfibrozil montelukast tamsulosin finasteride famotidine ondansetron trazodone bupropion "
        "mirtazapine quetiapine theophylline cyclosporine tacrolimus folic-acid ferrous-sulfate "
        "vitamin-d vitamin-b-12 metronidazole tizanidine clonidine theophylline tamoxifen ivabradine "
        "ranolazine riociguat aliskiren mycophenolate thalidomide metoclopramide megestrol desmopressin "
        "hydroxychloroquine baclofen capecitabine fluorouracil miconazole thioridazine "
        "evolocumab alirocumab bempedoic-acid inclisiran"
    ),
}

_ALSO_CALLED: dict[str, str] = {
    "simvastatin": "simvistatin|zocor",  # the first is how Synthea spells it
    "aspirin": "acetylsalicylic acid",
    "acetaminophen": "paracetamol|tylenol",
    "glyburide": "glibenclamide",
    "albuterol": "salbutamol",
    "alendronate": "alendronic acid",
    "valproate": "valproic acid|divalproex",
    "furosemide": "frusemide|lasix",
    "torsemide": "torasemide",
    "epinephrine": "adrenaline",
    "cephalexin": "cefalexin",
    "clavulanate": "clavulanic acid",
    "vitamin-d": "cholecalciferol|ergocalciferol",
    "vitamin-b-12": "vitamin b12|cyanocobalamin",
    "sulfamethoxazole": "co-trimoxazole|bactrim|septra",
    "diazepam": "valium",
    "warfarin": "coumadin",
    "apixaban": "eliquis",
    "rivaroxaban": "xarelto",
    "clopidogrel": "plavix",
    "atorvastatin": "lipitor",
    "rosuvastatin": "crestor",
    "metformin": "glucophage",
    "ibuprofen": "advil|motrin",
    "naproxen": "aleve",
    "amoxicillin": "augmentin",
    "spironolactone": "aldactone",
    "levothyroxine": "synthroid",
    "lisinopril": "zestril|prinivil",
    "sacubitril": "entresto",
    "amlodipine": "norvasc",
    "sildenafil": "viagra",
    "tadalafil": "cialis",
    "metoprolol": "toprol|lopressor",
    "omeprazole": "prilosec",
    "potassium-chloride": "potassium chloride|k-dur|klor-con",
    "rifampin": "rifampicin",
    "conjugated-estrogens": "premarin|estrogens, conjugated",
    "mycophenolate": "mycophenolic acid",
}
_OTHER_NAMES = {other: name for name, others in _ALSO_CALLED.items() for other in others.split("|")}

PACK = re.compile(r"^\d+(?:\.\d+)?\s+(?:hr|ml|actuat)\s+", re.IGNORECASE)
"""How a product's name begins that says for how long it acts or how much a pack holds: `24 HR`."""
_WAYS = (
    ("topical", ("cream", "ointment", "topical", "lotion", "gel", "patch", "transdermal")),
    ("inhaled", ("inhaler", "actuat", "inhalation", "nebuli")),
    ("eye, ear or nose", ("ophthalmic", "otic", "nasal", "eye drop")),
    ("injected", ("inject", "auto-injector", "intraven", "subcutan", "prefilled")),
)


@cache
def _classes_by_ingredient() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, members in CLASSES.items():
        for member in members.split():
            found.setdefault(member, set()).add(name)
    return {member: frozenset(names - {"other"}) for member, names in found.items()}


@cache
def _spelled() -> tuple[re.Pattern[str], dict[str, str]]:
    spellings = {member.replace("-", " "): member for member in _classes_by_ingredient()} | _OTHER_NAMES
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return re.compile(r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b"), spellings


@lru_cache(maxsize=1024)
def ingredients_in(text: str) -> tuple[str, ...]:
    """The known ingredients a text names, by brand or generic name, in alphabetical order."""
    pattern, spellings = _spelled()
    return tuple(sorted({spellings[found] for found in pattern.findall(text.lower())}))


@lru_cache(maxsize=1024)
def classes_of(ingredients: tuple[str, ...]) -> frozenset[str]:
    """Every class the ingredients belong to."""
    known = _classes_by_ingredient()
    return frozenset[str]().union(*(known.get(ingredient, frozenset()) for ingredient in ingredients))


def course_key(name: str, route: str) -> str:
    """What makes two orders one course: the ingredients (or the bare name) and the way they are given."""
    lowered = f"{name} {route}".lower()
    way = next((way for way, marks in _WAYS if any(mark in lowered for mark in marks)), "")
    stem = re.split(r"\s*(?:\d|\[|\()", PACK.sub("", name.lower()), maxsplit=1)[0].strip()
    known = ingredients_in(name)
    return f"{'+'.join(known) if known else stem or name.lower()}|{way}"

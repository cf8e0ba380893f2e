"""Invented clinical pages with what they say, and what scanners and fax machines make of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from tests.documents import Placed, lines, pdf, rendered

DRUGS: Final = (
    "metformin",
    "lisinopril",
    "atorvastatin",
    "apixaban",
    "furosemide",
    "levothyroxine",
    "ramipril",
)
PROBLEMS: Final = (
    "type 2 diabetes",
    "hypertension",
    "atrial fibrillation",
    "heart failure",
    "hypothyroidism",
)
LABS: Final = (
    *(("Sodium", "mmol/L", 136, 145), ("Potassium", "mmol/L", 3.5, 5.1), ("Creatinine", "mg/dL", 0.7, 1.3)),
    *(("Glucose", "mg/dL", 70, 99), ("Hemoglobin", "g/dL", 13.5, 17.5), ("HbA1c", "%", 4.0, 5.6)),
    *(("TSH", "mIU/L", 0.4, 4.0), ("ALT", "U/L", 7, 56), ("Platelets", "10^9/L", 150, 400)),
)
Scan = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True)
class Written:
    """A page, and its text as it is to be read."""

    placed: list[Placed]
    text: str

    @property
    def pdf(self) -> bytes:
        return pdf(self.placed)

    def picture(self, dpi: int) -> Image.Image:
        return rendered(self.pdf, dpi)


def letter(rng: random.Random) -> Written:
    said = [
        "Example Clinic, Department of Medicine",
        f"Re: Anna Testpatient, seen on {_date(rng)}",
        "Dear colleague,",
    ]
    for problem in rng.sample(PROBLEMS, 4):
        drug, dose = rng.choice(DRUGS), rng.choice((2.5, 5, 10, 20, 40, 500))
        pulse, often = rng.randint(55, 98), rng.choice(("once", "twice"))
        said += [
            f"She is followed for {problem}, known since {rng.randint(1998, 2024)} and stable.",
            f"She takes {drug} {dose} mg {often} daily, and reports no side effects.",
            f"Blood pressure {rng.randint(105, 165)}/{rng.randint(60, 95)} mmHg, pulse {pulse}/min.",
        ]
    said += ["We advise a follow-up in three months.", "With kind regards,", "Dr. Berta Example"]
    return Written(lines(*said, step=22), "\n".join(said))


def lab_table(rng: random.Random) -> Written:
    rows = [("Test", "Value", "Unit", "Range", "Flag")]
    for name, unit, low, high in rng.sample(LABS, 8):
        value = round(rng.uniform(low * 0.7, high * 1.3), 1)
        flag = "L" if value < low else "H" if value > high else "normal"
        rows.append((name, f"{value}", unit, f"{low} - {high}", flag))
    placed = [
        (72.0 + 95 * column, 700.0 - 24 * place, cell)
        for place, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]
    return Written(placed, "\n".join(" | ".join(row) for row in rows))


def two_columns(rng: random.Random) -> Written:
    halves = [
        [f"{rng.choice(DRUGS)} was given for {rng.choice(PROBLEMS)}" for _ in range(14)] for _ in range(2)
    ]
    head = (
        "A review of the medicines of one invented ward, written for nobody, over the whole width of its page"
    )
    placed = [
        (60.0, 740.0, head),
        *lines(*halves[0], left=60, top=700, step=22),
        *lines(*halves[1], left=330, top=700, step=22),
    ]
    return Written(placed, "\n".join([head, *halves[0], *halves[1]]))


def _date(rng: random.Random) -> str:
    return f"{rng.randint(1, 12):02d}/{rng.randint(1, 28):02d}/{rng.randint(2019, 2026)}"


def turned(degrees: float) -> Scan:
    return lambda page: page.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor="white")


def faxed(seed: int) -> Scan:
    """One bit a pixel, after a blur, uneven light and specks. page: at 200 dpi, the fine mode's."""

    def fax(page: Image.Image) -> Image.Image:
        noise = np.random.default_rng(seed)
        grey = np.asarray(page.convert("L").filter(ImageFilter.GaussianBlur(0.8)), np.float32)
        uneven = grey + noise.normal(0, 25, grey.shape) + np.linspace(-20, 20, grey.shape[1])
        specks = noise.random(grey.shape)
        black = np.where(specks < 0.002, True, np.where(specks > 0.998, False, uneven < 140))
        return Image.fromarray(np.where(black, 0, 255).astype(np.uint8))

    return fax

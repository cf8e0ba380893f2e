"""Courses: all orders of one drug told as one story of start, renewals, dose changes and stop."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hntai.domain.chart.values import Course, DoseStep, Order
from hntai.domain.dates import Moment


def courses_from(orders: Iterable[Order]) -> tuple[Course, ...]:
    """One course per drug and way of giving it, by name."""
    by_key: dict[str, list[Order]] = {}
    for order in sorted(orders, key=_by_time):
        by_key.setdefault(order.course_key, []).append(order)
    told = [([o for o in orders if not o.is_not_taken], orders) for orders in by_key.values()]
    made = (_course(taken, [o for o in every if o.is_not_taken]) for taken, every in told if taken)
    return tuple(sorted(made, key=lambda course: (course.name.casefold(), course.references)))


def _course(orders: Sequence[Order], denials: Sequence[Order]) -> Course:
    """orders: at least one, oldest first. The newest active order says what holds now, else the newest."""
    active = [order for order in orders if order.is_active]
    on_hold = [order for order in orders if order.is_on_hold]
    current = (active or on_hold or orders)[-1]
    ends = [order.end for order in orders if order.end and not order.is_active]
    denied = [d.at for d in denials if d.at and current.at and d.at.day >= current.at.day]
    return Course(
        references=tuple(reference for order in (*orders, *denials) for reference in order.references),
        at=orders[0].at,
        encounter=orders[0].encounter,
        name=current.name,
        ingredients=current.ingredients,
        dose=current.dose,
        doses=_dose_steps(orders),
        last_ordered=current.at,
        renewals=len(orders) - 1,
        is_active=bool(active),
        is_on_hold=not active and bool(on_hold),
        is_reported=all(order.is_reported for order in active or orders),
        stopped=max(ends) if ends and not active and not on_hold else None,
        until=current.end if active else None,
        not_taken=max(denied) if denied and active else None,
        active_references=tuple(reference for order in active for reference in order.references),
    )


def _dose_steps(orders: Sequence[Order]) -> tuple[DoseStep, ...]:
    steps: list[DoseStep] = []
    for order in orders:
        if order.strength and (not steps or not _says_the_same(steps[-1].label, order.strength)):
            steps.append(DoseStep(order.references[0], order.at, order.encounter, order.strength))
    return tuple(steps)


def _says_the_same(one: str, other: str) -> bool:
    """Whether two dose labels agree as far as both go: `10 mg` says nothing against `10 mg once daily`."""
    return one.startswith(other) or other.startswith(one)


def _by_time(order: Order) -> tuple[Moment, int, str, str, str]:
    """By moment; at one moment by strength and name, so that ids decide nothing a reader sees."""
    return order.at or Moment(0, ""), len(order.strength), order.strength, order.name, order.references[0]

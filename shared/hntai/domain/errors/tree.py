"""The tree's leaves, all of them or one by its name."""

from __future__ import annotations

from hntai.domain.errors.own_work import UnexpectedStepError
from hntai.domain.errors.root import HntaiError


def leaves(root: type[HntaiError] = HntaiError) -> tuple[type[HntaiError], ...]:
    """Every error class without subclasses below root, in order of definition."""
    children = root.__subclasses__()
    if not children:
        return (root,)
    return tuple(leaf for child in children for leaf in leaves(child))


def leaf_named(name: str) -> type[HntaiError]:
    """The leaf of that class name; UnexpectedStepError for a name that is not ours."""
    return next((leaf for leaf in leaves() if leaf.__name__ == name), UnexpectedStepError)

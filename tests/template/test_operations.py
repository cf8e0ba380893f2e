"""Alarms: one of each kind for every function, told of by the function's own name and timeout."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.template.cloudformation import FUNCTIONS, RESOURCES, ROOT, Node, TemplateLoader

OPERATIONS: Node = yaml.load((ROOT / "deploy" / "operations.yaml").read_text("utf-8"), Loader=TemplateLoader)
MAPPED: dict[str, dict[str, Any]] = OPERATIONS["Mappings"]["Functions"]
SLOW = 0.85
"""Of a function's timeout."""
NESTED: Node = RESOURCES["Operations"]["Properties"]["Parameters"]
WATCHED_BY_ITS_LOG = {"VerifyAudit"}
"""There only where the auditor's database is named; its own alarm counts what its log says."""


def test_every_function_is_watched() -> None:
    names = {name.removesuffix("Function") for name in FUNCTIONS} - WATCHED_BY_ITS_LOG
    assert set(MAPPED) == names
    _identifier, repeated, _alarms = OPERATIONS["Resources"]["Fn::ForEach::Functions"]
    assert set(repeated) == names


@pytest.mark.parametrize("name", MAPPED)
def test_a_function_is_watched_under_its_own_name_and_timeout(name: str) -> None:
    function = FUNCTIONS[f"{name}Function"]
    assert function["FunctionName"] == {"Fn::Sub": f"${{AWS::StackName}}-{MAPPED[name]['Suffix']}"}
    assert MAPPED[name]["SlowMs"] == round(function["Timeout"] * 1000 * SLOW)


def test_every_alarm_tells_someone_and_knows_what_no_data_means() -> None:
    alarms = [
        found["Properties"]
        for found in [*OPERATIONS["Resources"]["Fn::ForEach::Functions"][2].values(), *_plain().values()]
        if found["Type"] == "AWS::CloudWatch::Alarm"
    ]
    assert len(alarms) > 10
    assert all(alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}] for alarm in alarms)
    assert all(alarm["TreatMissingData"] == "notBreaching" for alarm in alarms)


def test_the_nested_stack_is_given_what_it_asks_for() -> None:
    assert set(NESTED) == set(OPERATIONS["Parameters"])


def test_what_the_logs_are_searched_for_is_what_a_step_writes() -> None:
    from hntai.domain.errors import AuditError, EhrError
    from hntai.web.log_events import LogEvent

    filters = {name: found["FilterPattern"] for name, found in _of("AWS::Logs::MetricFilter").items()}
    for pattern, family in (
        (filters["EhrFailuresCount"], EhrError),
        (filters["AuditChainCount"], AuditError),
    ):
        assert f'$.message = "{LogEvent.step_failed.name}"' in pattern
        prefix = pattern.partition('$.error_class = "')[2].partition("*")[0]
        leaves = family.__subclasses__()
        assert leaves
        assert all(leaf.__name__.startswith(prefix) for leaf in leaves)
    assert "error_class" in LogEvent.step_failed.fields


def _plain() -> dict[str, Node]:
    return {name: found for name, found in OPERATIONS["Resources"].items() if "::" not in name}


def _of(kind: str) -> dict[str, Node]:
    return {name: found["Properties"] for name, found in _plain().items() if found["Type"] == kind}

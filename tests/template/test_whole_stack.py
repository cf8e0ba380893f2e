"""The whole of template.yaml made by an emulator of CloudFormation, its images left unrun.

What this proves and what it cannot: docs/adr/0024. `make check-stack` installs the emulator and runs it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.template.authorizer import ASKED
from tests.template.cloudformation import FUNCTIONS, TEMPLATE, nodes, of_type, role_of
from tests.template.emulator import PROGRAM, Emulator, running
from tests.template.packaged import NEEDED, packaged
from tests.template.resolve import defaults, holds

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]


@dataclass(frozen=True, slots=True)
class Made:
    """A stack that was made."""

    emulator: Emulator
    name: str
    status: str
    outputs: dict[str, str]
    resources: dict[str, Any]
    """By logical id."""

    def physical(self, name: str) -> str:
        """What a resource is called."""
        return str(self.resources[name]["PhysicalResourceId"])


@pytest.fixture(scope="module")
def emulator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    if not PROGRAM.exists():
        reason = "the whole stack was NOT made: no emulator is installed (`make check-stack` installs it)"
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{reason}")
        pytest.skip(reason)
    with running(tmp_path_factory.mktemp("emulator")) as started:
        started.client("s3").create_bucket(Bucket="deployment")
        yield started


@pytest.fixture(scope="module")
def stack(emulator: Emulator) -> Made:
    return _made(emulator, "hntai", NEEDED)


def _made(emulator: Emulator, name: str, parameters: dict[str, str]) -> Made:
    cloudformation = emulator.client("cloudformation")

    def put(key: str, content: bytes) -> str:
        emulator.client("s3").put_object(Bucket="deployment", Key=key, Body=content)
        return f"{emulator.url}/deployment/{key}"

    cloudformation.create_stack(
        StackName=name,
        TemplateURL=put("template.json", json.dumps(packaged(put, parameters)).encode()),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=CAPABILITIES,
    )
    until = time.monotonic() + 60
    (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    while found["StackStatus"].endswith("IN_PROGRESS") and time.monotonic() < until:
        time.sleep(0.2)
        (found,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    listed = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    return Made(
        emulator,
        name,
        found["StackStatus"],
        {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])},
        {resource["LogicalResourceId"]: resource for resource in listed},
    )


def test_the_stack_is_made_with_every_resource(stack: Made) -> None:
    assert stack.status == "CREATE_COMPLETE"
    assert {found["ResourceStatus"] for found in stack.resources.values()} == {"CREATE_COMPLETE"}
    parameters = defaults(TEMPLATE, **NEEDED)
    expected = {
        name
        for name, found in TEMPLATE["Resources"].items()
        if "Condition" not in found or holds(TEMPLATE, parameters, found["Condition"])
    }
    assert expected <= stack.resources.keys()
    left_out = TEMPLATE["Resources"].keys() - expected
    assert not left_out & stack.resources.keys()


def test_every_output_has_a_value(stack: Made) -> None:
    assert stack.outputs.keys() == TEMPLATE["Outputs"].keys()
    assert all(value and "${" not in value for value in stack.outputs.values())
    assert stack.outputs["AlarmTopicArn"].endswith(":hntai-alarms")


@pytest.mark.parametrize("machine", of_type("AWS::Serverless::StateMachine"))
def test_a_state_machine_calls_functions_and_machines_of_the_stack(stack: Made, machine: str) -> None:
    states = stack.emulator.client("stepfunctions")
    found = states.describe_state_machine(stateMachineArn=stack.physical(machine))
    definition = json.loads(found["definition"])
    assert "${" not in found["definition"]
    named = {
        part["Resource"]
        for part in nodes(definition)
        if isinstance(part, dict) and part.get("Type") == "Task" and ":function:" in part["Resource"]
    }
    functions = stack.emulator.client("lambda").list_functions(MaxItems=50)["Functions"]
    assert named
    assert named <= {function["FunctionArn"] for function in functions}
    assert found["roleArn"].endswith(f"/{stack.physical(f'{machine}Role')}")


def test_every_function_has_its_own_role_and_what_the_role_may_is_resolved(stack: Made) -> None:
    functions, iam = stack.emulator.client("lambda"), stack.emulator.client("iam")
    made = [name for name in FUNCTIONS if name in stack.resources]
    assert made
    for name in made:
        role = stack.physical(role_of(name))
        configuration = functions.get_function_configuration(FunctionName=stack.physical(name))
        assert configuration["Role"].endswith(f"/{role}")
        own = iam.get_role_policy(RoleName=role, PolicyName="own")["PolicyDocument"]
        assert "${" not in json.dumps(own)
        assert all("${" not in value for value in configuration["Environment"]["Variables"].values())


def test_the_stack_is_made_with_the_authorizer_too(emulator: Emulator) -> None:
    assert _made(emulator, "hntai-tokens", NEEDED | ASKED).status == "CREATE_COMPLETE"


def test_an_authorizer_without_a_key_set_is_refused_by_the_rule(emulator: Emulator) -> None:
    with pytest.raises(ClientError, match="AuthorizerNeedsAnIssuer"):
        _made(emulator, "hntai-refused", {**NEEDED, "JwtAuthorizer": "true", "JwtIssuer": ASKED["JwtIssuer"]})

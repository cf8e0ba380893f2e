"""What each role may do: its own, named, and nothing else."""

from __future__ import annotations

import pytest

from tests.template.cloudformation import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    Node,
    as_list,
    environment,
    managed_policies,
    of_type,
    own_statements,
    references,
    role_of,
    statements,
)

STAR_ALLOWED = {
    ("TracePolicy", "Trace"): "X-Ray knows no resource for what it takes in",
    ("NetworkPolicy", "LambdaAttachesInterfaces"): "an interface has no ARN before it is made",
    ("NetworkPolicy", "FunctionCodeDoesNot"): "a refusal",
    ("PatientSummaryMachineRole", "DeliverLogs"): "log deliveries know no resource",
    ("TranscriptionMachineRole", "DeliverLogs"): "log deliveries know no resource",
    ("DocumentMachineRole", "DeliverLogs"): "log deliveries know no resource",
    ("BulkMachineRole", "DeliverLogs"): "log deliveries know no resource",
}
CAPABILITIES = {
    "ScrubFunction": "Records Token Audit Seal",
    "SummarizeFunction": "Records Token Audit Seal",
    "ExtractFunction": "Records Token Audit Seal ReadDocuments",
    "PatientSummaryFunction": "Records Token Audit Seal ReadDocuments StartRun",
    "RunEventsFunction": "Records Token Audit Seal ReadDocuments StartRun",
    "UploadFunction": "Records Token Audit Seal",
    "UploadStepFunction": "Records Audit Seal",
    "TranscribeFunction": "Records Token Audit Seal Recordings",
    "TranscribeStepFunction": "Records Audit Seal Recordings",
    "StreamFunction": "",
    "FetchRecordFunction": "Records Seal",
    "RunStepFunction": "Records Audit Seal ReadDocuments",
    "GenerateSectionFunction": "Records Seal",
    "StatusFunction": "Records Token",
    "DrainAuditFunction": "",
    "AnchorAuditFunction": "",
    "VerifyAuditFunction": "",
    "MigrateFunction": "",
    "BulkStepFunction": "Records Seal BulkCredentials",
}
OWN_ACTIONS = {
    "MigrateFunction": {"secretsmanager:GetSecretValue"},
    "BulkStepFunction": {
        *("s3:ListBucket", "s3:GetObject", "s3:PutObject", "kms:GenerateDataKey", "kms:Decrypt"),
    },
    "StreamFunction": {"lambda:InvokeFunction"},
    "UploadFunction": {
        *("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        *("kms:GenerateDataKey", "kms:Decrypt", "states:StartExecution"),
    },
    "UploadStepFunction": {
        *("s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:DeleteObject"),
        *("kms:GenerateDataKey", "kms:Decrypt"),
    },
    "TranscribeFunction": {"states:StartExecution"},
    "DrainAuditFunction": {
        "secretsmanager:GetSecretValue",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "kms:Decrypt",
    },
    "AnchorAuditFunction": {
        "secretsmanager:GetSecretValue",
        "s3:PutObject",
        "sqs:SendMessage",
        "kms:GenerateDataKey",
        "kms:Decrypt",
    },
    "VerifyAuditFunction": {
        "secretsmanager:GetSecretValue",
        *("s3:ListBucket", "s3:GetObject", "s3:PutObject"),
        "sqs:SendMessage",
        "kms:GenerateDataKey",
        "kms:Decrypt",
    },
}
SIGN_IN = {"VerifyAuditFunction": {"AuditorSignInPolicy"}, "StreamFunction": set(), "MigrateFunction": set()}
"""To PostgreSQL by IAM, where the stack does; all others as the functions' own role."""
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
HOLDERS = [*of_type("AWS::IAM::Role"), *of_type("AWS::IAM::ManagedPolicy")]


def _actions(found: list[Node]) -> set[str]:
    return {action for statement in found for action in as_list(statement["Action"])}


def test_every_function_has_a_role_of_its_own() -> None:
    assert {name: role_of(name) for name in FUNCTIONS} == {
        name: name.removesuffix("Function") + "Role" for name in FUNCTIONS
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_only_lambda_assumes_a_functions_role(function: str) -> None:
    (trust,) = RESOURCES[role_of(function)]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_statement_names_its_resources_unless_its_actions_know_none(holder: str) -> None:
    starred = {
        (holder, part["Sid"])
        for part in own_statements(holder)
        if any(resource == "*" for resource in as_list(part["Resource"]))
    }
    assert starred <= STAR_ALLOWED.keys()


def test_the_list_of_exceptions_is_not_longer_than_the_exceptions() -> None:
    found = {(holder, part["Sid"]) for holder in HOLDERS for part in own_statements(holder)}
    assert STAR_ALLOWED.keys() <= found


@pytest.mark.parametrize("holder", HOLDERS)
def test_what_is_allowed_is_named_action_by_action(holder: str) -> None:
    allowed = [part for part in own_statements(holder) if part["Effect"] == "Allow"]
    assert not [action for action in _actions(allowed) if "*" in action]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_has_the_capabilities_its_function_needs_and_no_other(function: str) -> None:
    wanted = {f"{name}Policy" for name in CAPABILITIES[function].split()} | {"TracePolicy"}
    wanted |= SIGN_IN.get(function, {"SignInPolicy"})
    shared = {"NetworkPolicy", "SecretsKeyPolicy"}
    assert set(managed_policies(role_of(function))) - shared == wanted


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_roles_own_statements_are_its_logs_and_what_only_it_needs(function: str) -> None:
    own = own_statements(role_of(function))
    assert _actions(own) == LOGS | OWN_ACTIONS.get(function, set())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_reads_exactly_the_secrets_its_settings_name(function: str) -> None:
    read = [part for part in statements(role_of(function)) if "GetSecretValue" in str(part["Action"])]
    secrets = {name for name in PARAMETERS if name.endswith(("SecretArn", "KeyArn"))} - {"SecretsKmsKeyArn"}
    secrets.add("RedisUrl")
    readable = references([part["Resource"] for part in read]) & secrets
    assert readable == references(list(environment(function).values())) & secrets


def test_the_relay_may_invoke_the_events_function_only() -> None:
    invoking = [part for part in statements("StreamRole") if "lambda:InvokeFunction" in part["Action"]]
    (resource,) = [part["Resource"]["Fn::Sub"] for part in invoking]
    assert resource.endswith(":function:${AWS::StackName}-run-events")
    assert FUNCTIONS["RunEventsFunction"]["FunctionName"] == {"Fn::Sub": "${AWS::StackName}-run-events"}


def test_the_state_machine_may_invoke_its_three_steps_only() -> None:
    (invoking,) = [part for part in own_statements("PatientSummaryMachineRole") if part["Sid"] == "RunSteps"]
    assert references(invoking["Resource"]) == {
        "FetchRecordFunction",
        "RunStepFunction",
        "GenerateSectionFunction",
    }


def test_the_transcriptions_machine_may_invoke_its_steps_only() -> None:
    (invoking,) = [part for part in own_statements("TranscriptionMachineRole") if part["Sid"] == "RunSteps"]
    assert references(invoking["Resource"]) == {"TranscribeStepFunction"}


def test_the_documents_machine_may_invoke_its_steps_only() -> None:
    (invoking,) = [part for part in own_statements("DocumentMachineRole") if part["Sid"] == "RunSteps"]
    assert references(invoking["Resource"]) == {"UploadStepFunction"}


def test_the_bulks_machine_starts_its_own_batches_and_the_summarys_runs_only() -> None:
    own = {part["Sid"]: part for part in own_statements("BulkMachineRole")}
    assert references(own["RunSteps"]["Resource"]) == {"BulkStepFunction"}
    assert own["SummarisePatients"]["Resource"] == {"Ref": "PatientSummaryMachine"}
    name = RESOURCES["BulkMachine"]["Properties"]["Name"]["Fn::Sub"]
    assert own["StartBatches"]["Resource"]["Fn::Sub"].endswith(f":stateMachine:{name}")
    assert own["WatchBatches"]["Resource"]["Fn::Sub"].endswith(f":execution:{name}/*")
    summary = RESOURCES["PatientSummaryMachine"]["Properties"]["Name"]["Fn::Sub"]
    assert own["WatchSummaries"]["Resource"]["Fn::Sub"].endswith(f":execution:{summary}:*")


def test_a_bulk_sees_what_bulks_keep_and_nothing_else_in_the_bucket() -> None:
    about_s3 = [
        part
        for role in ("BulkStepRole", "BulkMachineRole")
        for part in own_statements(role)
        if "s3:" in str(part["Action"]) and part["Sid"] != "SeeBulks"
    ]
    assert about_s3
    assert all("${UploadsBucket.Arn}/bulk/" in part["Resource"]["Fn::Sub"] for part in about_s3)
    (seeing,) = [part for part in own_statements("BulkStepRole") if part["Sid"] == "SeeBulks"]
    assert seeing["Condition"] == {"StringLike": {"s3:prefix": "bulk/*"}}


def test_who_signs_uploads_reads_those_alone_and_keeps_documents_it_cannot_read() -> None:
    bucket, objects = "${UploadsBucket.Arn}", {"s3:GetObject", "s3:PutObject", "s3:DeleteObject"}
    about_s3 = [part for part in statements("UploadRole") if "s3:" in str(part["Action"])]
    assert [(part["Resource"], set(as_list(part["Action"]))) for part in about_s3] == [
        ({"Fn::GetAtt": ["UploadsBucket", "Arn"]}, {"s3:ListBucket"}),
        ({"Fn::Sub": f"{bucket}/uploads/*"}, objects),
        ({"Fn::Sub": f"{bucket}/documents/*"}, objects - {"s3:GetObject"}),
        ({"Fn::Sub": f"{bucket}/jobs/*"}, objects - {"s3:GetObject"}),
    ]


def test_function_code_may_not_touch_network_interfaces() -> None:
    (denied,) = [part for part in own_statements("NetworkPolicy") if part["Effect"] == "Deny"]
    assert denied["Condition"] == {"Null": {"lambda:SourceFunctionArn": "false"}}


def test_the_key_is_used_for_a_named_purpose_only() -> None:
    using = [
        part
        for holder in HOLDERS
        for part in own_statements(holder)
        if any(action.startswith("kms:") for action in as_list(part["Action"]))
    ]
    assert using
    for part in using:
        (condition,) = part["Condition"]["StringEquals"].keys()
        assert condition in {"kms:ViaService", "kms:EncryptionContext:application"}

"""What each function is told: only what it needs, and never a secret itself."""

from __future__ import annotations

import re

import pytest

from hntai.admin.places import OF_OUTPUTS, OF_PARAMETERS
from hntai.config import Settings
from tests.template.cloudformation import (
    FUNCTIONS,
    PARAMETERS,
    TEMPLATE,
    Node,
    environment,
    of_type,
    own_statements,
    references,
)

DATABASE = "DATABASE_URL HNTAI_DATABASE_IAM"
RECORDS = f"{DATABASE} REDIS_URL SECRET_KEY"
TOKENS = "JWT_SECRET_KEY JWT_JWKS_URL JWT_ISSUER JWT_AUDIENCE"
CALLERS = f"{TOKENS} HNTAI_CORS_ORIGINS HNTAI_RATE_LIMIT_PER_MINUTE"
DOOR = f"{RECORDS} {CALLERS} HNTAI_AUDIT_QUEUE_URL HNTAI_KMS_KEY_ID"
RECORDINGS = "HNTAI_UPLOADS_BUCKET HNTAI_RETAINED_AUDIO_DAYS HNTAI_RETAINED_DOCUMENT_DAYS"
SETTINGS = {
    "ScrubFunction": DOOR,
    "SummarizeFunction": DOOR,
    "UploadFunction": f"{DOOR} HNTAI_UPLOADS_BUCKET HNTAI_MAX_UPLOAD_BYTES HNTAI_RETAINED_DOCUMENT_DAYS"
    " HNTAI_DOCUMENT_MACHINE_ARN",
    "UploadStepFunction": f"{RECORDS} HNTAI_KMS_KEY_ID HNTAI_AUDIT_QUEUE_URL HNTAI_UPLOADS_BUCKET"
    " HNTAI_RETAINED_DOCUMENT_DAYS",
    "TranscribeFunction": (f"{DOOR} {RECORDINGS} HNTAI_MAX_UPLOAD_BYTES HNTAI_TRANSCRIPTION_MACHINE_ARN"),
    "TranscribeStepFunction": f"{RECORDS} HNTAI_KMS_KEY_ID HNTAI_AUDIT_QUEUE_URL {RECORDINGS}",
    "ExtractFunction": f"{DOOR} HNTAI_UPLOADS_BUCKET",
    "PatientSummaryFunction": f"{DOOR} HNTAI_STATE_MACHINE_ARN HNTAI_STREAM_URL HNTAI_UPLOADS_BUCKET",
    "RunEventsFunction": f"{DOOR} HNTAI_STATE_MACHINE_ARN HNTAI_UPLOADS_BUCKET",
    "StreamFunction": "HNTAI_RUN_EVENTS_FUNCTION HNTAI_CORS_ORIGINS",
    "FetchRecordFunction": f"{RECORDS} HNTAI_KMS_KEY_ID EHR_BASE_URL HNTAI_EHR_FORMAT",
    "RunStepFunction": f"{RECORDS} HNTAI_KMS_KEY_ID HNTAI_AUDIT_QUEUE_URL HNTAI_UPLOADS_BUCKET",
    "GenerateSectionFunction": f"{RECORDS} HNTAI_KMS_KEY_ID",
    "StatusFunction": f"{RECORDS} {CALLERS} HNTAI_DOCS_ENABLED",
    "DrainAuditFunction": DATABASE,
    "AnchorAuditFunction": f"{DATABASE} SECRET_KEY HNTAI_AUDIT_ANCHOR_BUCKET",
    "MigrateFunction": "HNTAI_OWNER_DATABASE_URL",
    "VerifyAuditFunction": (
        "HNTAI_AUDITOR_DATABASE_URL HNTAI_DATABASE_IAM SECRET_KEY HNTAI_AUDIT_ANCHOR_BUCKET"
    ),
    "BulkStepFunction": f"{RECORDS} HNTAI_KMS_KEY_ID HNTAI_UPLOADS_BUCKET HNTAI_BULK_EHR_CREDENTIALS",
}
ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:hntai/x-AbCdEf"
VALUES = [
    ("DatabaseUrlSecretArn", ARN, True),
    ("DatabaseUrlSecretArn", "postgresql://hntai_app:swordfish@db.example/hntai", False),
    ("OwnerDatabaseUrlSecretArn", ARN, True),
    ("OwnerDatabaseUrlSecretArn", "postgresql://owner:swordfish@db.example/hntai", False),
    ("RedisUrl", ARN, True),
    ("RedisUrl", "rediss://cache.example:6379", True),
    ("RedisUrl", "redis://cache.example:6379", False),
    ("RedisUrl", "rediss://:swordfish@cache.example:6379", False),
    ("SecretKeyArn", ARN, True),
    ("SecretKeyArn", "0123456789abcdef0123456789abcdef", False),
    ("JwtSecretKeyArn", "", True),
    ("JwtSecretKeyArn", "0123456789abcdef0123456789abcdef", False),
    ("JwtJwksUrl", "", True),
    ("JwtJwksUrl", "http://issuer.example/jwks.json", False),
    ("EhrBaseUrl", "https://ehr.example/fhir", True),
    ("EhrBaseUrl", "http://ehr.example/fhir", False),
    ("EhrBaseUrl", "", False),
    ("CorsOrigins", "", True),
    ("CorsOrigins", "https://a.example,https://b.example", True),
    ("CorsOrigins", "*", False),
    ("CorsOrigins", "https://*.example", False),
]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_the_settings_it_needs_and_no_other(function: str) -> None:
    assert set(environment(function)) == set(SETTINGS[function].split())


@pytest.mark.parametrize("function", FUNCTIONS)
def test_every_setting_is_one_the_code_reads(function: str) -> None:
    aliases = {field.alias for field in Settings.model_fields.values()}
    assert set(environment(function)) <= aliases
    assert set(TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]) == {"HNTAI_STAGE"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_value_is_written_into_the_template(function: str) -> None:
    assert all(_is_reference(value) for value in environment(function).values())


def _is_reference(value: Node) -> bool:
    return isinstance(value, dict) and set(value) <= {"Ref", "Fn::GetAtt", "Fn::Sub", "Fn::If"}


@pytest.mark.parametrize(("parameter", "value", "is_taken"), VALUES)
def test_a_parameter_takes_no_secret_and_no_plain_http(parameter: str, value: str, is_taken: bool) -> None:
    assert bool(re.search(PARAMETERS[parameter]["AllowedPattern"], value)) is is_taken


def test_no_parameter_has_a_secret_for_default() -> None:
    shown = {name: found.get("Default") for name, found in PARAMETERS.items() if "Secret" in name}
    assert set(shown.values()) <= {None, ""}


def test_only_fetch_record_knows_where_the_ehr_is() -> None:
    assert [name for name in FUNCTIONS if "EHR_BASE_URL" in environment(name)] == ["FetchRecordFunction"]


def test_only_the_migrations_know_the_schemas_owner_and_it_is_not_the_functions_role() -> None:
    secret = "OwnerDatabaseUrlSecretArn"
    told = [name for name in FUNCTIONS if secret in references(list(environment(name).values()))]
    readers = [name for name in of_type("AWS::IAM::Role") if secret in references(own_statements(name))]
    assert (told, readers) == (["MigrateFunction"], ["MigrateRole"])
    (rule,) = TEMPLATE["Rules"]["FunctionsOwnNoSchema"]["Assertions"]
    assert rule["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": secret}, {"Ref": "DatabaseUrlSecretArn"}]}]}


def test_the_relay_stands_outside_the_vpc_and_all_others_inside_where_there_is_one() -> None:
    inside = {name for name, found in FUNCTIONS.items() if found.get("VpcConfig")}
    assert set(FUNCTIONS) - inside == {"StreamFunction"}
    assert all(FUNCTIONS[name]["VpcConfig"]["Fn::If"][0] == "InVpc" for name in inside)


def test_a_deployed_stack_says_of_itself_what_its_administration_needs() -> None:
    assert set(OF_PARAMETERS) <= set(PARAMETERS)
    assert set(OF_OUTPUTS) <= set(TEMPLATE["Outputs"])
    aliases = {field.alias for field in Settings.model_fields.values()}
    assert {*OF_PARAMETERS.values(), *OF_OUTPUTS.values()} <= aliases
    machines = {name for name in TEMPLATE["Outputs"] if name.endswith("MachineArn")}
    assert machines <= set(OF_OUTPUTS)

"""Data at rest under our key, data in motion under TLS, and what must stay stays."""

from __future__ import annotations

import pytest

from tests.template.cloudformation import (
    FUNCTIONS,
    PARAMETERS,
    RESOURCES,
    Node,
    as_list,
    of_type,
    references,
)

OUR_KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
LOG_GROUPS = of_type("AWS::Logs::LogGroup")
QUEUES = of_type("AWS::SQS::Queue")
BUCKETS = of_type("AWS::S3::Bucket")
KEPT = ["DataKey", "AuditQueue", "AuditDeadLetterQueue", "AuditAnchorBucket", "AccessLogBucket"]


def _refusals(kind: str, guarded: str, of: str) -> list[Node]:
    policies = [found for found in of_type(kind).values() if of in references(found[guarded])]
    return [part for found in policies for part in found["PolicyDocument"]["Statement"]]


@pytest.mark.parametrize("group", LOG_GROUPS)
def test_a_log_group_has_our_key_and_an_end(group: str) -> None:
    assert LOG_GROUPS[group]["KmsKeyId"] == OUR_KEY
    assert LOG_GROUPS[group]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_its_log_group_and_writes_to_no_other(function: str) -> None:
    name = function.removesuffix("Function")
    assert LOG_GROUPS[f"{name}Logs"]["LogGroupName"] == {"Fn::Sub": f"/aws/lambda/${{{function}}}"}
    logs = RESOURCES[f"{name}Role"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]
    log_group = f"/aws/lambda/{FUNCTIONS[function]['FunctionName']['Fn::Sub']}:*"
    assert logs["Resource"]["Fn::Sub"].endswith(f":log-group:{log_group}")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_functions_settings_are_under_our_key(function: str) -> None:
    assert FUNCTIONS[function]["KmsKeyArn"] == OUR_KEY


@pytest.mark.parametrize("queue", QUEUES)
def test_a_queue_is_encrypted_and_speaks_tls_only(queue: str) -> None:
    assert QUEUES[queue]["KmsMasterKeyId"] == OUR_KEY
    refused = [part for part in _refusals("AWS::SQS::QueuePolicy", "Queues", queue) if _is_tls_rule(part)]
    assert [queue in references(part["Resource"]) for part in refused] == [True]


@pytest.mark.parametrize("bucket", BUCKETS)
def test_a_bucket_is_private_versioned_encrypted_and_speaks_tls_only(bucket: str) -> None:
    found = BUCKETS[bucket]
    assert set(found["PublicAccessBlockConfiguration"].values()) == {True}
    assert (found.get("VersioningConfiguration") == {"Status": "Enabled"}) == (bucket != "UploadsBucket")
    assert found["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert [part for part in _refusals("AWS::S3::BucketPolicy", "Bucket", bucket) if _is_tls_rule(part)]


def _is_tls_rule(part: Node) -> bool:
    over_plain = {"Bool": {"aws:SecureTransport": "false"}}
    rule = (part["Effect"], part["Principal"], part.get("Condition"))
    return rule == ("Deny", "*", over_plain)


def test_anchors_are_locked_and_no_one_may_delete_them() -> None:
    lock = BUCKETS["AuditAnchorBucket"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": {"Ref": "AnchorLockMode"}, "Days": {"Ref": "AnchorLockDays"}}
    assert PARAMETERS["AnchorLockDays"]["Default"] >= 6 * 365 + 1
    refused = [
        action
        for part in _refusals("AWS::S3::BucketPolicy", "Bucket", "AuditAnchorBucket")
        if part["Effect"] == "Deny"
        for action in as_list(part["Action"])
    ]
    assert {"s3:DeleteObject", "s3:DeleteObjectVersion", "s3:BypassGovernanceRetention"} <= set(refused)


def test_recordings_have_no_versions_and_are_forgotten_by_themselves() -> None:
    bucket = BUCKETS["UploadsBucket"]
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": OUR_KEY}
    ends = {
        rule.get("Prefix"): rule.get("ExpirationInDays") for rule in bucket["LifecycleConfiguration"]["Rules"]
    }
    sound, text = {"Ref": "RetainedAudioDays"}, {"Ref": "RetainedDocumentDays"}
    bulks = {"Ref": "RetainedBulkDays"}
    assert ends == {
        "uploads/": 1,
        "jobs/": 1,
        "retained/": sound,
        "documents/": text,
        "bulk/": bulks,
        None: None,
    }


def test_anchors_are_under_our_key() -> None:
    (rule,) = BUCKETS["AuditAnchorBucket"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": OUR_KEY}


def test_audit_rows_outlive_a_database_outage_and_end_in_a_dead_letter_queue() -> None:
    queue = QUEUES["AuditQueue"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": ["AuditDeadLetterQueue", "Arn"]}
    outage_s = queue["VisibilityTimeout"] * queue["RedrivePolicy"]["maxReceiveCount"]
    assert 12 * 3600 <= outage_s < queue["MessageRetentionPeriod"]
    assert queue["VisibilityTimeout"] >= 6 * FUNCTIONS["DrainAuditFunction"]["Timeout"]


def test_one_unreadable_row_does_not_hold_back_the_others() -> None:
    source = FUNCTIONS["DrainAuditFunction"]["Events"]["Rows"]["Properties"]
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


@pytest.mark.parametrize("resource", KEPT)
def test_what_holds_proof_or_keys_outlives_the_stack(resource: str) -> None:
    found = RESOURCES[resource]
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_the_key_rotates() -> None:
    assert RESOURCES["DataKey"]["Properties"]["EnableKeyRotation"] is True

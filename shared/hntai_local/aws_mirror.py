"""What the local AWS endpoint keeps on disk, so that a killed stack loses none of it."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hntai_local import moto_shims
from hntai_local.moto_shims import StoredObject

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ANCHORS_BUCKET = "hntai-audit-anchors-local"
AUDIT_QUEUES = ("hntai-audit", "hntai-audit-dlq")
_QUEUE_CHANGES = ("SendMessage", "SendMessageBatch", "DeleteMessage", "DeleteMessageBatch", "ReceiveMessage")


class AwsMirror:
    """One file per object of the anchors bucket and per message of the audit queues.

    moto holds the originals in memory; the mirror copies after each change, before it is answered.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    @staticmethod
    def minds(environ: WSGIEnvironment) -> bool:
        """True for requests that may change something kept here."""
        return _changes_bucket(environ) or _changes_queues(environ)

    def keep(self, environ: WSGIEnvironment) -> None:
        """Brings the files up to date after a successful request."""
        with self._lock:
            if _changes_bucket(environ):
                self._keep_object(_object_key(environ))
            else:
                for queue in AUDIT_QUEUES:
                    self._keep_queue(queue)

    def objects(self) -> Iterator[tuple[str, StoredObject]]:
        """Key and object, for all that were kept."""
        for kept in self._read("objects"):
            body = base64.b64decode(kept["body"])
            yield kept["key"], StoredObject(body, kept["content_type"], kept["metadata"])

    def messages(self, queue: str) -> Iterator[tuple[Path, str]]:
        """File and body of each message kept; the file is to be removed once it is queued again."""
        for path in sorted((self._folder / "queues" / queue).glob("*.json")):
            yield path, json.loads(path.read_text("utf-8"))["body"]

    def _keep_object(self, key: str) -> None:
        path = self._folder / "objects" / f"{hashlib.sha256(key.encode()).hexdigest()}.json"
        stored = moto_shims.stored_object(ANCHORS_BUCKET, key)
        if stored is None:
            path.unlink(missing_ok=True)
            return
        _write(
            path,
            {
                "key": key,
                "body": base64.b64encode(stored.body).decode(),
                "content_type": stored.content_type,
                "metadata": dict(stored.metadata),
            },
        )

    def _keep_queue(self, queue: str) -> None:
        folder = self._folder / "queues" / queue
        queued = moto_shims.queued_messages(queue)
        kept = {path.stem for path in folder.glob("*.json")}
        for message_id in queued.keys() - kept:
            _write(folder / f"{message_id}.json", {"body": queued[message_id]})
        for message_id in kept - queued.keys():
            (folder / f"{message_id}.json").unlink(missing_ok=True)

    def _read(self, what: str) -> Iterator[dict[str, Any]]:
        for path in sorted((self._folder / what).glob("*.json")):
            yield json.loads(path.read_text("utf-8"))


def _changes_bucket(environ: WSGIEnvironment) -> bool:
    path = environ.get("PATH_INFO", "")
    return environ["REQUEST_METHOD"] in {"PUT", "POST", "DELETE"} and path.startswith(f"/{ANCHORS_BUCKET}/")


def _object_key(environ: WSGIEnvironment) -> str:
    raw = environ["PATH_INFO"].removeprefix(f"/{ANCHORS_BUCKET}/")
    return str(raw).encode("latin-1").decode("utf-8", "replace")


def _changes_queues(environ: WSGIEnvironment) -> bool:
    target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
    return target.startswith("AmazonSQS.") and target.removeprefix("AmazonSQS.") in _QUEUE_CHANGES


def _write(path: Path, value: Mapping[str, object]) -> None:
    """All of it or nothing, readable by this account only."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(value), "utf-8")
    fresh.replace(path)

"""make migrations-digest: template.yaml names the migrations it deploys, so that another one shows."""

from __future__ import annotations

import re

from hntai.adapters.migrations import migrations_digest
from hntai_local.state_dir import PROJECT_ROOT


def write() -> int:
    """Writes the digest of sql/migrations into the template; 0."""
    template = PROJECT_ROOT / "template.yaml"
    digest = migrations_digest(PROJECT_ROOT / "sql" / "migrations")
    text = template.read_text("utf-8")
    template.write_text(re.sub(r"(?m)^(      Digest: )[0-9a-f]{64}", rf"\g<1>{digest}", text), "utf-8")
    print(digest)
    return 0

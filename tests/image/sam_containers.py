"""sam_containers.py WORDS: the SAM CLI as it is, its containers held tighter than it has options for.

Read-only root, a small /tmp, an account that is not root, and a network in which `localhost` leads to this
machine's loopback addresses as well: Lambda has the first three, the local stack needs the last. Run by the
SAM CLI's own Python.

HNTAI_IMAGE_USER: the account, as a number. HNTAI_IMAGE_SOCKETS: a folder seen inside at the same place.
"""

from __future__ import annotations

import os
from typing import Any

from docker.models.containers import Container, ContainerCollection
from samcli.cli.main import cli

from tests.image.network import HOST, NETWORK

_create = ContainerCollection.create


def _held(self: ContainerCollection, image: str, command: Any = None, **options: Any) -> Container:
    sockets = os.environ["HNTAI_IMAGE_SOCKETS"]
    volumes = {**options.pop("volumes", {}), sockets: {"bind": sockets, "mode": "rw"}}
    return _create(
        self,
        image,
        command,
        **{
            **options,
            "network_mode": NETWORK,
            "extra_hosts": {"localhost": HOST},
            "read_only": True,
            "tmpfs": {"/tmp": "rw,size=512m,mode=1777"},
            "user": os.environ["HNTAI_IMAGE_USER"],
            "volumes": volumes,
        },
    )


ContainerCollection.create = _held

if __name__ == "__main__":
    cli()

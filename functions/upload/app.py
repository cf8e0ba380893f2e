"""POST /uploads: a way for files that are too large for a request."""

from __future__ import annotations

from hntai.bootstrap import Parts
from hntai.contracts.upload import UploadAnswer, UploadRequest
from hntai.domain.identity import Scope
from hntai.web.app import CallerOf, create_app, lambda_handler, observed
from hntai.web.guard import scoped

parts = Parts()
start_upload = parts.start_upload()
api = create_app(parts.entry("upload"))


@api.post("/uploads", **scoped(Scope.UPLOAD, Scope.TRANSCRIBE, Scope.EXTRACT))
def create_upload(request: UploadRequest, caller: CallerOf) -> UploadAnswer:
    """A form to post one file with, and the key to name it by afterwards."""
    return start_upload(request, caller)


app = observed(api)
handler = lambda_handler(app)

"""Errors the caller can repair: of the request, of what was sent with it, and of who sends it."""

from __future__ import annotations

from hntai.domain.errors.root import HntaiError


class RequestError(HntaiError):
    """The caller can repair it."""


class MalformedRequestError(RequestError):
    slug, title = "malformed-request", "The request body is not valid JSON"


class InvalidRequestError(RequestError):
    slug, title = "invalid-request", "The request does not fit the contract"


class TextTooLongError(RequestError):
    slug, title = "text-too-long", "The text is longer than the limit"


class EventTooLargeError(RequestError):
    slug, title = "event-too-large", "The request event is larger than the limit"


class AnswerTooLargeError(RequestError):
    slug, title = "answer-too-large", "The answer would be larger than the limit"


class ResourceUnknownError(RequestError):
    slug, title = "unknown-resource", "There is no such resource"


class ModelUnknownError(RequestError):
    """Details carry `models`, the names there are; never the one that was asked for."""

    slug, title = "model-unknown", "No such model is baked into this service"


class StreamingUnavailableError(RequestError):
    slug, title = "streaming-elsewhere", "This address does not stream; use stream_url"


class EventIdUnknownError(RequestError):
    slug, title = "unknown-event-id", "Last-Event-ID names no event of this job"


class IdempotencyKeyReusedError(RequestError):
    slug, title = "idempotency-key-reused", "The Idempotency-Key was used with another body"


class IdempotencyInProgressError(RequestError):
    slug, title, retryable = "idempotency-in-progress", "The first call with this key still runs", True


class RateLimitedError(RequestError):
    slug, title, retryable = "rate-limited", "Too many requests", True


class MalformedFormError(RequestError):
    slug, title = "malformed-form", "The request body is not a multipart form with one file in it"


class UploadMissingError(RequestError):
    slug, title = "upload-missing", "Nothing lies under this key: not uploaded yet, used already, or expired"


class UploadTooLargeError(RequestError):
    slug, title = "upload-too-large", "The file has more bytes than the limit"


class AudioError(HntaiError):
    """What was sent cannot be transcribed; details carry limits, durations and causes we named."""


class AudioTypeUnknownError(AudioError):
    """Details carry `types`, those there are."""

    slug, title = "audio-type-unknown", "The bytes are no recording of a type that is read here"


class AudioTooLongError(AudioError):
    slug, title = "audio-too-long", "The recording is longer than the limit"


class AudioUnreadableError(AudioError):
    """Details carry `cause`: empty, truncated, damaged, no_audio, codec, sample_rate, channels, …"""

    slug, title = "audio-unreadable", "The recording cannot be decoded"


class DocumentError(HntaiError):
    """What was sent cannot be read as a document; details carry limits and causes we named."""


class DocumentTypeUnknownError(DocumentError):
    """Details carry `types`, those there are."""

    slug, title = "document-type-unknown", "The bytes are no document of a type that is read here"


class DocumentTooLongError(DocumentError):
    slug, title = "document-too-long", "The document has more pages or characters than the limit"


class DocumentUnreadableError(DocumentError):
    """Details carry `cause`: empty, truncated, damaged, encrypted, entities, bomb, archive_paths, …"""

    slug, title = "document-unreadable", "The document cannot be read"


class IdentityError(HntaiError):
    """Who calls is not known, or may not do this."""


class UnauthenticatedError(IdentityError):
    slug, title = "unauthenticated", "A valid bearer token or API key is required"


class ScopeMissingError(IdentityError):
    slug, title = "scope-missing", "The identity lacks the scope for this call"

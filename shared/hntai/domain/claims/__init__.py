"""What a model claims, held to the facts it cites: sentences read, checked, and made into sections."""

from hntai.domain.claims.assembly import Assembled, assembled, unrepeated
from hntai.domain.claims.reading import Drafted
from hntai.domain.claims.support import Reason
from hntai.domain.claims.verifier import Checked, check, check_text

__all__ = ["Assembled", "Checked", "Drafted", "Reason", "assembled", "check", "check_text", "unrepeated"]

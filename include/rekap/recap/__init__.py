"""The month's account: computed into lines and figures, delivered as a draft, closed by a manager's approval."""

from rekap.recap.closing import close, closing, may_close
from rekap.recap.draft import deliver_draft
from rekap.recap.figures import compute

__all__ = ["close", "closing", "compute", "deliver_draft", "may_close"]

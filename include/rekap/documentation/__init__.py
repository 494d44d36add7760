"""Documentation photos: from the to-do's comments into the client's Drive folder, each once."""

from rekap.documentation.delivery import deliver

__all__ = ["deliver"]

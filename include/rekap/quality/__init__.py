"""One registry of rules: Great Expectations judges by it at every gate, one SQL pass from it names the failing rows."""

from rekap.quality.consequences import held
from rekap.quality.gate import gate
from rekap.quality.retention import forget_verdicts
from rekap.quality.scores import score

__all__ = ["forget_verdicts", "gate", "held", "score"]

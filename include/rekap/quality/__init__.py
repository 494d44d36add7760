"""One registry of rules: Great Expectations judges by it at every gate, one SQL pass from it names the failing rows."""

from rekap.quality.gate import gate

__all__ = ["gate"]

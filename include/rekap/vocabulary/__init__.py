"""Human text → values. Every reader returns a `Reading`: a value or the reason why there is none, never a guess."""

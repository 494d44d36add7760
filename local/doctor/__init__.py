"""`make doctor`: looks at every credential, scope, folder and role, and at what docs/assumptions.md assumes about the
accounts; read-only, and says for each what to do."""

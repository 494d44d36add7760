"""`make doctor`: looks at every credential, scope, folder and role, read-only, and says for each what to do."""

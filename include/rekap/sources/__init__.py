"""The sources: Basecamp, the clients' sheets, the register. Each fetches, shapes and stages, and runs alone."""

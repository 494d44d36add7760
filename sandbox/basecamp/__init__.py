"""The twin's Basecamp: the API origin, with its OAuth server, and the storage origin."""

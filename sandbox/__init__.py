"""The twin: Basecamp, Google Sheets and Drive, OAuth and SMTP on this machine, with seeded data.

It speaks the real protocols to the real clients; only the endpoints in connections tell it from the services.
"""

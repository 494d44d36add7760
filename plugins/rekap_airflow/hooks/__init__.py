"""Connection → client, nothing more: no network before the client is used."""

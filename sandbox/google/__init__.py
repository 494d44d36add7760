"""The twin of Google Sheets v4, Drive v3 and the OAuth token endpoint."""

"""OAuth of the twin: service account keys, the token endpoint and access tokens.

Tokens live by the wall clock, since google-auth signs and refreshes by it.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.google.errors import ApiError
from sandbox.google.state import Principal

LIFETIME = 3600
ROBOT = "rekap@rekap-sandbox.iam.gserviceaccount.com"
PREFIX = "https://www.googleapis.com/auth/"
SCOPES = {
    ("sheets", "read"): ("spreadsheets", "spreadsheets.readonly", "drive", "drive.readonly", "drive.file"),
    ("sheets", "write"): ("spreadsheets", "drive", "drive.file"),
    ("drive", "read"): ("drive", "drive.readonly", "drive.file", "drive.metadata", "drive.metadata.readonly"),
    ("drive", "write"): ("drive", "drive.file"),
}


@cache
def _key() -> rsa.RSAPrivateKey:
    """The key in SANDBOX_GOOGLE_KEY (PKCS #8, base64, so that a connection that was written down still works when the
    twin is started again), else a new one. Raises ValueError when it is no RSA key."""
    told = os.environ.get("SANDBOX_GOOGLE_KEY")
    if not told:
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    try:
        key = serialization.load_der_private_key(base64.b64decode(told, validate=True), password=None)
    except (binascii.Error, ValueError) as error:
        raise ValueError("SANDBOX_GOOGLE_KEY is no private key in PKCS #8 as base64") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("SANDBOX_GOOGLE_KEY is no RSA key")
    return key


@dataclass
class Accounts:
    """Who may get a token: service accounts, `delegated` users they may act for, `refresh_tokens` → user addresses."""

    service_accounts: set[str] = field(default_factory=lambda: {ROBOT})
    delegated: set[str] = field(default_factory=set)
    refresh_tokens: dict[str, str] = field(default_factory=dict)
    disabled: bool = False
    _tokens: dict[str, tuple[Principal, float]] = field(default_factory=dict)

    def keyfile(self, token_url: str, email: str = ROBOT) -> dict[str, str]:
        """A service account key file for this twin, its token_uri pointing at `token_url`."""
        self.service_accounts.add(email)
        pem = _key().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": "rekap-sandbox",
            "private_key_id": "sandbox",
            "private_key": pem.decode(),
            "client_email": email,
            "client_id": "100000000000000000001",
            "token_uri": token_url,
        }

    def token(self, form: dict[str, str], token_url_path: str) -> tuple[int, dict[str, Any]]:
        """Answer of the token endpoint to a form: (status, body). Refusals are OAuth errors, never exceptions."""
        grant = form.get("grant_type", "")
        if self.disabled:
            return 400, _refusal("invalid_grant", "Account has been deleted or disabled.")
        if grant == "urn:ietf:params:oauth:grant-type:jwt-bearer":
            return self._by_assertion(form.get("assertion", ""), token_url_path)
        if grant == "refresh_token":
            email = self.refresh_tokens.get(form.get("refresh_token", ""))
            if email is None:
                return 400, _refusal("invalid_grant", "Token has been expired or revoked.")
            scopes = frozenset({PREFIX + "drive", PREFIX + "spreadsheets"})
            return 200, self.grant(Principal(email, scopes, service_account=False))
        return 400, _refusal("unsupported_grant_type", f"Invalid grant_type: {grant}")

    def _by_assertion(self, assertion: str, token_url_path: str) -> tuple[int, dict[str, Any]]:
        try:
            head, claims_part, signature = assertion.split(".")
            claims = json.loads(_decoded(claims_part))
            _key().public_key().verify(
                _decoded(signature), f"{head}.{claims_part}".encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except (ValueError, InvalidSignature):
            return 400, _refusal("invalid_grant", "Invalid JWT Signature.")
        issuer, subject = claims.get("iss", ""), claims.get("sub")
        if issuer not in self.service_accounts:
            return 400, _refusal("invalid_grant", "Invalid grant: account not found")
        if not str(claims.get("aud", "")).endswith(token_url_path):
            return 400, _refusal("invalid_grant", "Failed audience check.")
        now = time.time()
        if (
            not (claims.get("iat", 0) - 600 <= now <= claims.get("exp", 0) + 600)
            or claims["exp"] - claims["iat"] > LIFETIME + 60
        ):
            return 400, _refusal(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            return 400, _refusal("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        if subject and subject != issuer:
            if subject not in self.delegated:
                return 401, _refusal(
                    "unauthorized_client",
                    "Client is unauthorized to retrieve access tokens using this method, or client not authorized for "
                    "any of the scopes requested.",
                )
            return 200, self.grant(Principal(subject, scopes, service_account=False))
        return 200, self.grant(Principal(issuer, scopes))

    def grant(self, principal: Principal, lifetime: float = LIFETIME) -> dict[str, Any]:
        """A fresh access token for a principal, in the token endpoint's form."""
        token = "ya29." + secrets.token_urlsafe(40)
        self._tokens[token] = (principal, time.time() + lifetime)
        return {
            "access_token": token,
            "expires_in": int(lifetime),
            "token_type": "Bearer",
            "scope": " ".join(sorted(principal.scopes)),
        }

    def expire_tokens(self) -> None:
        """Every access token given so far is refused from now on."""
        self._tokens.clear()

    def principal(self, authorization: str, service: str, access: str) -> Principal:
        """Who an Authorization header stands for. Raises ApiError 401, or 403 when scopes are missing for `access`."""
        kind, _, token = authorization.partition(" ")
        found = self._tokens.get(token)
        if kind != "Bearer" or found is None or found[1] < time.time():
            if service == "drive":
                raise ApiError(
                    401, "Invalid Credentials", reason="authError", location="Authorization", location_type="header"
                )
            raise ApiError(
                401,
                "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other "
                "valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
            )
        if not any(PREFIX + scope in found[0].scopes for scope in SCOPES[service, access]):
            detail = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
            }
            raise ApiError(
                403,
                "Request had insufficient authentication scopes.",
                reason="insufficientPermissions",
                details=[detail],
            )
        return found[0]


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _refusal(error: str, description: str) -> dict[str, Any]:
    return {"error": error, "error_description": description}

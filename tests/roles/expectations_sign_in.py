"""What the sign-in API (/_allauth/app/v1/, django-allauth) answers to whom: one line a route and method, as in expectations.py.

No role at a fair or in a company makes a difference here. Bodies are empty: 400, 409 and 429 mean “let in”, written ``in``;
409 also says that nothing was begun which the request could go on with.
"""

#                              anonymous, unverified, signed in (whoever it is)
TABLE: dict[tuple[str, str], str] = {
    ("GET", "config"): "in in in",
    ("GET", "auth/session"): "401 401 in",
    ("DELETE", "auth/session"): "401 401 401",  # signed out now: allauth says so with 401
    ("POST", "auth/reauthenticate"): "401 401 in",
    ("POST", "auth/code/confirm"): "in in in",
    ("POST", "auth/password/request"): "in in in",
    ("GET", "auth/password/reset"): "in in in",
    ("POST", "auth/password/reset"): "in in in",
    ("POST", "auth/login"): "in in in",
    ("POST", "auth/signup"): "in in in",
    ("GET", "auth/email/verify"): "in in in",
    ("POST", "auth/email/verify"): "in in in",
    ("POST", "auth/email/verify/resend"): "in in in",
    ("POST", "account/password/change"): "401 401 in",
    ("GET", "account/email"): "401 401 in",
    ("POST", "account/email"): "in in in",
    ("PUT", "account/email"): "401 401 in",
    ("PATCH", "account/email"): "401 401 in",
    ("DELETE", "account/email"): "401 401 in",
    ("POST", "auth/2fa/authenticate"): "401 401 401",  # only in the middle of signing in
    ("POST", "auth/2fa/reauthenticate"): "401 401 in",
    ("GET", "account/authenticators"): "401 401 in",
    ("GET", "account/authenticators/totp"): "401 401 -",  # none yet: the answer holds the secret of a new one
    ("POST", "account/authenticators/totp"): "401 401 in",
    ("DELETE", "account/authenticators/totp"): "401 401 in",
    ("GET", "account/authenticators/recovery-codes"): "401 401 -",
    ("POST", "account/authenticators/recovery-codes"): "401 401 in",
    ("POST", "tokens/refresh"): "in in in",
}
# Telephone numbers are not for signing in here: allauth's paths for them are closed to everybody.
CLOSED = ("auth/phone/verify", "auth/phone/verify/resend", "account/phone")
TABLE |= {(method, path): "- - -" for path in CLOSED for method in ("GET", "POST")}

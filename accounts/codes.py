"""Codes that a letter carries and a person types in: drawn at random, only their hash is kept."""

import hashlib
import secrets

CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CODE_LENGTH, CODE_GROUP = 30, 5  # 150 bits: no code is ever guessed
_READ_AS = str.maketrans("OIL", "011")


def new_code() -> tuple[str, str]:
    """A code for the letter, in groups that are easy to type, and the hash of it that is stored."""
    signs = "".join(secrets.choice(CODE_ALPHABET) for _sign in range(CODE_LENGTH))
    code = "-".join(signs[start : start + CODE_GROUP] for start in range(0, CODE_LENGTH, CODE_GROUP))
    return code, hash_of(code)


def hash_of(code: str) -> str:
    """The stored form of a code, however it was typed: case, blanks and hyphens do not matter, and O, I, L are read as digits."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum()).translate(_READ_AS)
    # A plain hash will do: what it hides is random, not a password.
    return hashlib.sha256(signs.encode("utf-8", "replace")).hexdigest()

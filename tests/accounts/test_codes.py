"""Codes that act from a letter: too long to be guessed, drawn by ``secrets``, kept as a hash."""

import hashlib
import secrets

from accounts import codes


def test_a_code_has_128_bits_and_more():
    assert len(set(codes.CODE_ALPHABET)) ** codes.CODE_LENGTH >= 2**128
    code, _kept = codes.new_code()
    assert len(code.replace("-", "")) == codes.CODE_LENGTH


def test_every_sign_is_drawn_by_secrets(monkeypatch):
    monkeypatch.setattr(secrets, "choice", lambda alphabet: alphabet[7])
    assert set(codes.new_code()[0]) == {"7", "-"}


def test_no_two_are_alike():
    assert len({codes.new_code()[0] for _time in range(1_000)}) == 1_000


def test_what_is_kept_is_a_hash_of_it():
    code, kept = codes.new_code()
    assert kept == hashlib.sha256(code.replace("-", "").encode()).hexdigest()


def test_it_is_read_as_people_type_it():
    code, kept = codes.new_code()
    for typed in (code.lower(), code.replace("-", " "), f"  {code} ", code.replace("0", "O").replace("1", "l")):
        assert codes.hash_of(typed) == kept
    assert codes.hash_of("") != kept

import pytest

from accounts.adapter import AccountAdapter


@pytest.mark.parametrize(
    ("proxies", "forwarded", "found"),
    [
        (0, "203.0.113.9", "127.0.0.1"),  # nobody stands before us: the header is anybody's invention
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),  # what our proxy saw, not what the client claims
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, None, "127.0.0.1"),
        (1, "nonsense", "0.0.0.0"),  # noqa: S104
        (1, "2001:db8::7", "2001:db8::7"),
    ],
)
def test_the_address_that_counts(rf, settings, proxies, forwarded, found):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else {})
    assert AccountAdapter().get_client_ip(request) == found


def test_a_unix_socket_has_no_address(rf):
    request = rf.get("/", REMOTE_ADDR="")
    assert AccountAdapter().get_client_ip(request) == "0.0.0.0"  # noqa: S104

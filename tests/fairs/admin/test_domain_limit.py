import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications.models import DomainLimit

ADD = "admin:notifications_domainlimit_add"


@pytest.fixture
def desk(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", "a-long-password"))
    return client


def test_a_limit_is_written(desk):
    assert desk.post(reverse(ADD), {"domain": "qq.com", "per_minute": "60"}).status_code == 302
    assert DomainLimit.objects.values_list("domain", "per_minute").get() == ("qq.com", 60)


@pytest.mark.parametrize(
    ("domain", "per_minute"),
    [*((word, 60) for word in ("QQ.com", "@qq.com", "anna@qq.com", "qq", "")), *(("qq.com", number) for number in (0, -1, 100_001, "x"))],
)
def test_what_is_no_limit_is_told(desk, domain, per_minute):
    page = desk.post(reverse(ADD), {"domain": domain, "per_minute": per_minute})
    assert page.status_code == 200
    assert page.context["errors"]
    assert not DomainLimit.objects.exists()

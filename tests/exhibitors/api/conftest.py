"""A fair, a company and those who act for it or do not."""

import pytest

from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def company():
    return CompanyFactory()


@pytest.fixture
def owner(signed_in, company):
    return signed_in(CompanyMemberFactory(company=company).user)


@pytest.fixture
def stranger(signed_in):
    return signed_in(CompanyMemberFactory().user)

from django.urls import path

from accounts.api.delivery_reports import DeliveryReportsView
from accounts.api.views import MeView

urlpatterns = [
    path("me/", MeView.as_view(), name="me"),
    path("delivery-reports/", DeliveryReportsView.as_view(), name="delivery-reports"),
]

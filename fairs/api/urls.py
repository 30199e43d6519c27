from django.urls import path

from fairs.api.views import FairDetailView, FairListView, MarketView, StandListView

urlpatterns = [
    path("fairs/", FairListView.as_view(), name="fairs"),
    path("fairs/<slug:fair>/", FairDetailView.as_view(), name="fair"),
    path("fairs/<slug:fair>/stands/", StandListView.as_view(), name="fair-stands"),
    path("fairs/<slug:fair>/market/", MarketView.as_view(), name="fair-market"),
]

from django.urls import path

from allocations.api.lines import LineListView, LineView
from allocations.api.runs import CallOffView, CancelRunView, PublishView, RunListView, RunView, TakeOverView

_ONE = "fairs/<slug:fair>/allocation-runs/<id:pk>/"

urlpatterns = [
    path("fairs/<slug:fair>/allocation-runs/", RunListView.as_view(), name="allocation-runs"),
    path(_ONE, RunView.as_view(), name="allocation-run"),
    path(f"{_ONE}cancel/", CancelRunView.as_view(), name="allocation-run-cancel"),
    path(f"{_ONE}take-over/", TakeOverView.as_view(), name="allocation-run-take-over"),
    path(f"{_ONE}publish/", PublishView.as_view(), name="allocation-run-publish"),
    path(f"{_ONE}call-off/", CallOffView.as_view(), name="allocation-run-call-off"),
    path(f"{_ONE}lines/", LineListView.as_view(), name="allocation-run-lines"),
    path(f"{_ONE}lines/<id:part>/", LineView.as_view(), name="allocation-run-line"),
]

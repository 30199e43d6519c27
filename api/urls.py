"""What the API says about itself."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from api.file_links import FileView
from api.views import RootView

urlpatterns = [
    path("", RootView.as_view(), name="api-root"),
    path("files/<str:token>/", FileView.as_view(), name="file"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    # The split view loads its script from our own address, as the content security policy demands.
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]

"""A small API whose views use everything that the real ones share."""

from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.urls import include, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, ListCreateAPIView, RetrieveUpdateDestroyAPIView
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from api import idempotency
from api import views as api_views
from api.etags import ConditionalMixin, ListETagMixin
from api.idempotency import IdempotentCreateMixin
from api.languages import TranslatedField, text_in
from api.problems import Conflict
from api.serializers import StrictModelSerializer, StrictSerializer
from api.uploads import UploadField, UploadParser

WORDS = {"name_ru": "Ярмарка", "name_zh_hans": "展览会", "name_en": "Fair"}


class AreaSerializer(StrictSerializer):
    min = serializers.IntegerField(min_value=1)
    note = serializers.CharField(required=False)


class SiteSerializer(StrictSerializer):
    site = serializers.CharField(max_length=20)
    area = AreaSerializer()

    def validate(self, attrs):
        if attrs["site"] == "moon":
            raise serializers.ValidationError("No fair there.", code="no_fair")
        return attrs


class EchoSerializer(StrictSerializer):
    title = serializers.CharField(required=False)
    text = TranslatedField(column="name", max_length=10, required=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=5), required=False)
    sites = SiteSerializer(many=True, required=False)
    state = serializers.CharField(read_only=True)


class EchoView(APIView):
    permission_classes = [AllowAny]

    @extend_schema(request=EchoSerializer, responses=EchoSerializer)
    def post(self, request):
        serializer = EchoSerializer(data=request.data, context={"request": request})
        serializer.is_valid(raise_exception=True)
        return Response(serializer.validated_data)


class OneFileSerializer(StrictSerializer):
    file = UploadField()
    note = serializers.CharField(required=False)


class UploadView(APIView):
    permission_classes = [AllowAny]
    parser_classes = [UploadParser]

    @extend_schema(request=OneFileSerializer, responses=None)
    def post(self, request):
        serializer = OneFileSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        file = serializer.validated_data["file"]
        return Response({"name": file.name, "size": file.size, "note": serializer.validated_data.get("note", "")})


class GroupSerializer(StrictModelSerializer):
    words = serializers.SerializerMethodField()

    class Meta:
        model = Group
        fields = ["id", "name", "words"]

    def get_words(self, group) -> str:
        return text_in(WORDS, "name", self.context)


class GroupsView(IdempotentCreateMixin, ListETagMixin, ConditionalMixin, ListCreateAPIView):
    queryset = Group.objects.order_by("pk")
    serializer_class = GroupSerializer
    permission_classes = [AllowAny]
    filter_backends = []

    def get_list_revision(self):
        return Group.objects.order_by("-pk").values_list("name", flat=True).first() or "none"

    def perform_create(self, serializer):
        if serializer.validated_data["name"] == "taken":
            raise Conflict("Taken.", code="name_taken", name="taken")
        if serializer.validated_data["name"] == "crash":
            raise RuntimeError("secret detail")
        serializer.save()


class GroupView(ConditionalMixin, RetrieveUpdateDestroyAPIView):
    queryset = Group.objects.all()
    serializer_class = GroupSerializer
    permission_classes = [AllowAny]
    filter_backends = []


class PrivateView(ListAPIView):
    """Signed in only; answers who asks."""

    queryset = Group.objects.order_by("pk")
    serializer_class = GroupSerializer
    filter_backends = []


class WrappedView(IdempotentCreateMixin, APIView):
    permission_classes = [AllowAny]

    @extend_schema(request=GroupSerializer, responses={201: GroupSerializer})
    def post(self, request):
        return idempotency.once(self, request, lambda: Response({"id": Group.objects.create(name=request.data["name"]).pk}, status=201))


def crash(request):
    raise RuntimeError("secret detail")


def plain_html(request):
    return HttpResponse("<p>hello</p>")


urlpatterns = [
    path("healthz", api_views.healthz),
    path("readyz", api_views.readyz),
    path("_allauth/", include("allauth.headless.urls")),
    path("page/", plain_html),
    path("page-crash/", crash),
    path(
        "api/v1/",
        include(
            [
                path("", include("api.urls")),
                path("echo/", EchoView.as_view()),
                path("uploads/", UploadView.as_view()),
                path("groups/", GroupsView.as_view()),
                path("groups/<int:pk>/", GroupView.as_view()),
                path("private/", PrivateView.as_view()),
                path("wrapped/", WrappedView.as_view()),
                path("crash/", crash),
            ]
        ),
    ),
]

handler400 = "api.views.bad_request"
handler403 = "api.views.forbidden"
handler404 = "api.views.not_found"
handler500 = "api.views.server_error"

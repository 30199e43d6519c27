from django.urls import path

from exhibitors.api.announcements import AnnouncementDetailView, AnnouncementListView
from exhibitors.api.application_form import ApplicationFormView, FileAnswerView
from exhibitors.api.application_parts import (
    ProductDetailView,
    ProductListView,
    RepresentedCompanyDetailView,
    RepresentedCompanyListView,
)
from exhibitors.api.applications import ApplicationDetailView, ApplicationListView
from exhibitors.api.catalogue import ExhibitorDetailView, ExhibitorListView, ProductCategoryListView, RegionListView
from exhibitors.api.checklist import ChecklistView, TickView, UntickView
from exhibitors.api.co_exhibitors import (
    AdmitCoExhibitorView,
    CoExhibitorDetailView,
    CoExhibitorListView,
    CoExhibitsView,
    ConfirmCoExhibitorView,
    RefuseCoExhibitorView,
)
from exhibitors.api.companies import CompanyDetailView, CompanyListView
from exhibitors.api.documents import ApproveView, DocumentListView, DocumentView, ReturnView
from exhibitors.api.floor_plan import FloorPlanGeoJSONView, FloorPlanSvgView
from exhibitors.api.members import AcceptInvitationView, InvitationListView, InvitationView, InviteContactView, MemberListView, MemberView
from exhibitors.api.pavilions import PavilionListView
from exhibitors.api.stand_holds import StandHoldListView, StandHoldView
from exhibitors.api.stand_staff import PassesView, StaffDetailView, StaffListView
from exhibitors.api.steps import step_view
from exhibitors.enums import PEOPLE_STEPS

_ONE = "fairs/<slug:fair>/applications/<id:pk>/"

urlpatterns = [
    path("regions/", RegionListView.as_view(), name="regions"),
    path("product-categories/", ProductCategoryListView.as_view(), name="product-categories"),
    path("fairs/<slug:fair>/halls/<slug:hall>/floor-plan.svg", FloorPlanSvgView.as_view(), name="floor-plan-svg"),
    path("fairs/<slug:fair>/halls/<slug:hall>/floor-plan.geojson", FloorPlanGeoJSONView.as_view(), name="floor-plan-geojson"),
    path("companies/", CompanyListView.as_view(), name="companies"),
    path("companies/<id:pk>/", CompanyDetailView.as_view(), name="company"),
    path("companies/<id:pk>/co-exhibits/", CoExhibitsView.as_view(), name="company-co-exhibits"),
    path("companies/<id:pk>/members/", MemberListView.as_view(), name="company-members"),
    path("companies/<id:pk>/members/<id:part>/", MemberView.as_view(), name="company-member"),
    path("companies/<id:pk>/invite-contact/", InviteContactView.as_view(), name="company-invite-contact"),
    path("companies/<id:pk>/invitations/", InvitationListView.as_view(), name="company-invitations"),
    path("companies/<id:pk>/invitations/<id:part>/", InvitationView.as_view(), name="company-invitation"),
    path("invitations/accept/", AcceptInvitationView.as_view(), name="accept-invitation"),
    path("fairs/<slug:fair>/exhibitors/", ExhibitorListView.as_view(), name="exhibitors"),
    path("fairs/<slug:fair>/exhibitors/<id:pk>/", ExhibitorDetailView.as_view(), name="exhibitor"),
    path("fairs/<slug:fair>/announcements/", AnnouncementListView.as_view(), name="announcements"),
    path("fairs/<slug:fair>/announcements/<id:pk>/", AnnouncementDetailView.as_view(), name="announcement"),
    path("fairs/<slug:fair>/stand-holds/", StandHoldListView.as_view(), name="stand-holds"),
    path("fairs/<slug:fair>/stands/<id:pk>/hold/", StandHoldView.as_view(), name="stand-hold"),
    path("fairs/<slug:fair>/pavilions/", PavilionListView.as_view(), name="pavilions"),
    path("fairs/<slug:fair>/application-form/", ApplicationFormView.as_view(), name="application-form"),
    path("fairs/<slug:fair>/applications/", ApplicationListView.as_view(), name="applications"),
    path(_ONE, ApplicationDetailView.as_view(), name="application"),
    path(f"{_ONE}checklist/", ChecklistView.as_view(), name="checklist"),
    path(f"{_ONE}checklist/tick/", TickView.as_view(), name="checklist-tick"),
    path(f"{_ONE}checklist/untick/", UntickView.as_view(), name="checklist-untick"),
    path(f"{_ONE}documents/", DocumentListView.as_view(), name="documents"),
    path(f"{_ONE}documents/<id:part>/", DocumentView.as_view(), name="document"),
    path(f"{_ONE}documents/<id:part>/approve/", ApproveView.as_view(), name="document-approve"),
    path(f"{_ONE}documents/<id:part>/return/", ReturnView.as_view(), name="document-return"),
    *(path(f"{_ONE}{step.value}/", step_view(step), name=f"application-{step.value}") for step in PEOPLE_STEPS),
    path(f"{_ONE}co-exhibitors/", CoExhibitorListView.as_view(), name="application-co-exhibitors"),
    path(f"{_ONE}co-exhibitors/<id:part>/", CoExhibitorDetailView.as_view(), name="application-co-exhibitor"),
    path(f"{_ONE}co-exhibitors/<id:part>/confirm/", ConfirmCoExhibitorView.as_view(), name="application-co-exhibitor-confirm"),
    path(f"{_ONE}co-exhibitors/<id:part>/admit/", AdmitCoExhibitorView.as_view(), name="application-co-exhibitor-admit"),
    path(f"{_ONE}co-exhibitors/<id:part>/refuse/", RefuseCoExhibitorView.as_view(), name="application-co-exhibitor-refuse"),
    path(f"{_ONE}answers/<slug:code>/", FileAnswerView.as_view(), name="application-answer"),
    path(f"{_ONE}products/", ProductListView.as_view(), name="application-products"),
    path(f"{_ONE}products/<id:part>/", ProductDetailView.as_view(), name="application-product"),
    path(f"{_ONE}represented-companies/", RepresentedCompanyListView.as_view(), name="application-represented-companies"),
    path(f"{_ONE}represented-companies/<id:part>/", RepresentedCompanyDetailView.as_view(), name="application-represented-company"),
    path(f"{_ONE}passes/", PassesView.as_view(), name="application-passes"),
    path(f"{_ONE}staff/", StaffListView.as_view(), name="application-staff"),
    path(f"{_ONE}staff/<id:part>/", StaffDetailView.as_view(), name="application-staff-member"),
]

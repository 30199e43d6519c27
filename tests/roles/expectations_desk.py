"""What the pages of the desk answer to whom: those of a model follow from docs/roles.md, every other has a line here.

A page without a line fails the tests. ``by(right)`` lets in who has that right of docs/roles.md (or ``all staff``, ``superuser``);
``unseen`` is what those get who may not even see the row in the address. Outsiders are sent to sign in from everywhere.
"""

from typing import NamedTuple


class Page(NamedTuple):
    right: str
    seen_with: str = ""


def by(right: str, *, seen_with: str = "") -> Page:
    """For who has ``right``: 403 for other staff, 404 for those without ``seen_with`` where the address names a row."""
    return Page(right, seen_with)


# What fills the names in an address that are no row's id.
ARGUMENTS = {
    "app_label": "fairs",
    "content_type_id": "1",
    "url": "nothing/",
    "name": "start-review",
    "table": "programme.xlsx",
    "occasion": "exhibitors.admitted",
}

PAGES: dict[str, Page] = {
    "": by("all staff"),
    "search/": by("all staff"),
    "password_change/": by("all staff"),
    "password_change/done/": by("all staff"),
    "jsi18n/": by("all staff"),
    "^(?P<app_label>accounts|axes|notifications|fairs|exhibitors|allocations|conferences)/$": by("all staff"),
    "accounts/user/my-notices/": by("all staff"),
    "accounts/user/<id>/password/": by("superuser"),
    "axes/accessattempt/": by("superuser"),
    "axes/accessattempt/add/": by("nobody"),
    "exhibitors/application/<path:object_id>/step/<str:name>/": by("decide_applications", seen_with="view_applications"),
    "exhibitors/document/<path:object_id>/review/": by("view_applications"),  # who decides there: tests/exhibitors/admin/test_document.py
    "exhibitors/application/<path:object_id>/apply-again/": by("edit_applications", seen_with="view_applications"),
    "exhibitors/application/<path:object_id>/checklist/": by("view_applications", seen_with="view_applications"),
    "exhibitors/application/<path:object_id>/extra-passes/": by("edit_applications", seen_with="view_applications"),
    "exhibitors/application/<path:object_id>/review/": by("view_applications", seen_with="view_applications"),
    "exhibitors/application/queue/": by("view_applications"),
    "exhibitors/application/upcoming-letters/": by("view_letters"),
    "exhibitors/application/unreachable/": by("view_applications"),
    "notifications/lettertemplate/texts/": by("view_letters"),
    "notifications/lettertemplate/texts/<str:occasion>/": by("send_letters"),
    "exhibitors/mailing/write/": by("send_letters"),
    "exhibitors/mailing/<path:object_id>/cancel/": by("send_letters", seen_with="view_letters"),
    **{
        f"exhibitors/massdecision/<path:object_id>/{page}": by("decide_applications")
        for page in ("progress/", "stop/", "left-out.csv", "left-out.xlsx")
    },
    **{
        f"exhibitors/companyimport/<path:object_id>/{page}": by("edit_applications")
        for page in ("progress/", "confirm/", "discard/", "errors.csv", "errors.xlsx")
    },
    "exhibitors/coexhibitor/refuse/": by("decide_applications"),
    "exhibitors/application/<path:object_id>/answers/": by("edit_applications", seen_with="view_applications"),
    "exhibitors/question/<path:object_id>/preview/": by("view_fair"),
    "fairs/fair/<path:object_id>/next-edition/": by("edit_fair", seen_with="view_fair"),
    "fairs/hall/plans/": by("view_applications"),
    "fairs/hall/<path:object_id>/plan/": by("view_applications", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/plan/state/": by("view_applications", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/plan/fits/": by("view_applications", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/plan/change/": by("place", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/plan/sheet/": by("view_applications", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/plan/offers/": by("place", seen_with="view_fair"),
    "fairs/hall/<path:object_id>/rows/": by("edit_floor", seen_with="view_fair"),
    "fairs/stand/import/": by("edit_floor"),
    "fairs/stand/import-stands/": by("edit_floor"),
    "fairs/stand/<path:object_id>/hold/": by("place", seen_with="view_fair"),
    "fairs/stand/<path:object_id>/release/": by("place", seen_with="view_fair"),
    "conferences/conference/<path:object_id>/export/<str:table>": by("view_conference"),
    "conferences/conference/<path:object_id>/release/": by("view_conference"),
    "conferences/conference/<path:object_id>/board/": by("view_conference"),
    "conferences/conference/<path:object_id>/board/state/": by("view_conference"),
    "conferences/conference/<path:object_id>/board/check/": by("view_conference"),
    "conferences/conference/<path:object_id>/board/free/": by("view_conference"),
    "conferences/session/<path:object_id>/place/": by("edit_conference", seen_with="view_conference"),
    "conferences/conference/<path:object_id>/board/change/": by("edit_conference", seen_with="view_conference"),
    "conferences/visainvitation/<path:object_id>/pdf/": by("edit_delegates"),
    "conferences/conference/<path:object_id>/stand-staff/": by("edit_delegates", seen_with="view_conference"),
    "conferences/conference/<path:object_id>/invitation/": by("view_conference"),
    "conferences/delegate/refuse/": by("edit_delegates"),
    "conferences/delegate/import/": by("edit_delegates"),
    "conferences/delegate/import-table/": by("edit_delegates"),
    "conferences/session/import/": by("edit_conference"),
    "conferences/session/import-table/": by("edit_conference"),
    "exhibitors/product/import/": by("edit_applications"),
    "exhibitors/product/import-table/": by("edit_applications"),
    "exhibitors/company/import/": by("edit_applications"),
    "allocations/allocationrun/start/": by("place"),
    "allocations/allocationrun/compare/": by("place"),
    **{
        f"allocations/allocationrun/<path:object_id>/{page}/": by("place")
        for page in ("progress", "cancel", "again", "line", "take-over", "publish", "call-off")
    },
    "allocations/prioritycorrection/points/": by("place"),
    "allocations/freedstand/<path:object_id>/confirm/": by("place"),
    "allocations/freedstand/<path:object_id>/dismiss/": by("place"),
    "exhibitors/company/invite/": by("edit_applications"),
    "exhibitors/companyclaim/<path:object_id>/decide/": by("edit_applications"),
    "exhibitors/duplicateflag/<path:object_id>/decide/": by("view_applications"),
    "exhibitors/company/import-companies/": by("edit_applications"),
    "exhibitors/companyimport/import-companies/": by("edit_applications"),
}
# Addresses that lead nowhere by themselves, or that tests of their own try with everybody.
ELSEWHERE = {
    "login/": "open to everybody",
    "logout/": "open to everybody",
    "autocomplete/": "test_desk: search boxes inside forms find the own rows only",
    "r/<path:content_type_id>/<path:object_id>/": "no row of ours has an address on the public site: 404",
    "(?P<url>.*)$": "404",
    "axes/accessattempt/<path:object_id>/change/": "superuser: model permissions",
    "axes/accessattempt/<path:object_id>/delete/": "superuser: model permissions",
    "axes/accessattempt/<path:object_id>/history/": "superuser: model permissions",
    "axes/accessattempt/<path:object_id>/": "leads to change/",
    "exhibitors/application/<path:object_id>/letters/": "test_desk: the pages about a letter",
    "exhibitors/company/<path:object_id>/letters/": "test_desk: the pages about a letter",
    "notifications/letter/<path:object_id>/edit/": "test_desk: the pages about a letter",
    "notifications/letter/<path:object_id>/step/<str:name>/": "test_desk: the pages about a letter",
}
# Of each page of docs/roles.md; test_desk tries them with everybody.
OF_A_MODEL = ("", "add/", "<path:object_id>/change/", "<path:object_id>/delete/", "<path:object_id>/history/", "<path:object_id>/")

# Neither the API nor sign-in nor the desk: open to everybody.
OPEN = {
    "": "leads to the docs",
    "healthz": "",
    "readyz": "",
    "i18n/setlang/": "",
    r"^media/logos/(?P<name>[0-9a-f]{32}\.png)$": "",
    r"^media/photos/(?P<name>[0-9a-f]{32}\.jpg)$": "",
    "conferences/<slug:conference>/speaker/<str:word>/": "the word is drawn for one person: tests/conferences/test_speaker_page.py",
    "conferences/<slug:conference>/speaker/<str:word>/slides/<int:pk>/": "the same",
    "conferences/<slug:conference>/delegate/<str:word>/": "the word is signed: tests/conferences/api/test_own.py",
    "conferences/<slug:conference>/delegate/<str:word>/invitation/": "the same",
    "conferences/<slug:conference>/delegate/<str:word>/invitation/invitation.pdf": "the same",
    "conferences/<slug:conference>/delegate/<str:word>/pass.svg": "the same",
    "conferences/<slug:conference>/delegate/<str:word>/pass.png": "the same",
}

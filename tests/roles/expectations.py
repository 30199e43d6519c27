"""What every route of the API answers to whom: one line a route and method. A route without a line fails the tests.

``on``: which object is in the address (own = the first fair's, whose company people are the exhibitors of the callers).
Who has not verified the address yet gets what ``anonymous`` gets (a test).
A cell is a status; ``-`` stands for 404. Bodies are empty or harmless: 400, 409, 415 and 428 mean “let in”, written ``in``.
"""

# The callers, in the order of the columns.
CALLERS = (
    "anonymous",
    "another exhibitor",
    "company owner",
    "company editor",
    "company logistics",
    "company on_site",
    "owner",
    "reviewer",
    "floor_planner",
    "conference_producer",
    "finance",
    "communication",
    "check_in",
    "regional_coordinator",
    "read_only",
    "owner of another fair",
    "superuser",
)

# Routes that the OpenAPI description leaves out, and why.
UNDESCRIBED = {
    ("GET", "schema/"): "is the description",
    ("GET", "docs/"): "shows the description",
}

_APPLICATION = "fairs/<slug:fair>/applications/<id:pk>/"
_HOLD = "fairs/<slug:fair>/stands/<id:pk>/hold/"
_PUBLIC = "in in  in in in in  in in in in in in in in in  in in"
_SIGNED_IN = "401 in  in in in in  in in in in in in in in in  in in"

#                      anonymous, other exhibitor | owner, editor, logistics, on site | the nine staff roles | other fair's owner, superuser
#                                                               own rev flo con fin com che reg rea
TABLE: dict[tuple[str, str], str] = {
    ("GET", ""): _PUBLIC,
    ("GET", "schema/"): _PUBLIC,
    ("GET", "docs/"): _PUBLIC,
    (
        "GET",
        "files/<str:token>/",
    ): "401 -  - - - -  - - - - - - - - -  - -",  # a link of nobody's; tests/api/test_file_links.py has the rest
    # A mail server's: nobody who is signed in gets further by that. tests/accounts/test_delivery_reports.py
    ("POST", "delivery-reports/"): " ".join(["401", *["403"] * (len(CALLERS) - 1)]),
    ("GET", "me/"): _SIGNED_IN,
    ("PATCH", "me/"): _SIGNED_IN,
    ("GET", "fairs/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/stands/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/halls/<slug:hall>/floor-plan.svg"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/halls/<slug:hall>/floor-plan.geojson"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/market/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/pavilions/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/application-form/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/exhibitors/"): _PUBLIC,
    ("GET", "fairs/<slug:fair>/exhibitors/<id:pk>/"): _PUBLIC,
    ("GET", "regions/"): _PUBLIC,
    ("GET", "product-categories/"): _PUBLIC,
    ("GET", "conferences/"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/sessions/"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/sessions/<id:pk>/"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/speakers/"): _PUBLIC,
    # Nobody of them is on the programme: tests/conferences/api/test_own_speaker.py has the rest
    ("GET", "conferences/<slug:conference>/speakers/own/"): _SIGNED_IN,
    ("PATCH", "conferences/<slug:conference>/speakers/own/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/speakers/own/confirm/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/speakers/own/decline/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/speakers/own/photo/"): _SIGNED_IN,
    ("DELETE", "conferences/<slug:conference>/speakers/own/photo/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/speakers/own/slides/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/speakers/own/slides/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/speakers/own/slides/<id:pk>/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/releases/"): _PUBLIC,
    ("POST", "conferences/<slug:conference>/releases/"): "401 403  403 403 403 403  in 403 403 in 403 403 403 403 403  403 in",
    ("GET", "conferences/<slug:conference>/releases/next/"): "401 403  403 403 403 403  in in in in in in in in in  403 in",
    ("GET", "conferences/<slug:conference>/schedule.ics"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/schedule.xml"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/schedule.json"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/schedule.jsonld"): _PUBLIC,
    ("GET", "conferences/<slug:conference>/schedule.pdf"): _PUBLIC,
    # a link of nobody's; tests/conferences/exports/test_calendar.py has the rest
    ("GET", "conferences/<slug:conference>/calendars/<str:token>.ics"): "-  -  - - - -  - - - - - - - - -  - -",
    ("POST", "conferences/<slug:conference>/delegates/"): _PUBLIC,
    ("POST", "conferences/<slug:conference>/delegates/confirm/"): _PUBLIC,
    # Nobody of them is a delegate: tests/conferences/api/test_own.py has the rest
    ("GET", "conferences/<slug:conference>/delegates/own/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/delegates/own/pass.svg"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/delegates/own/pass.png"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/delegates/own/invitation/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/delegates/own/invitation/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/delegates/own/invitation/withdraw/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/delegates/own/invitation.pdf"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/sign-ups/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/sign-ups/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/sign-ups/confirm/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/sign-ups/withdraw/"): _SIGNED_IN,
    ("POST", "conferences/<slug:conference>/delegates/cancel/"): _SIGNED_IN,
    ("GET", "conferences/<slug:conference>/delegates/"): "401 403  403 403 403 403  in 403 403 in 403 in in 403 in  403 in",
    **{
        ("GET", f"conferences/<slug:conference>/draft/{part}"): "401 403  403 403 403 403  in in in in in in in in in  403 in"
        for part in ("sessions/", "sessions/<id:pk>/", "sessions/<id:pk>/free-places/", "warnings/", "speakers/")
    },
    **{
        ("POST", f"conferences/<slug:conference>/draft/sessions/<id:pk>/{step}/"): (
            "401 403  403 403 403 403  in 403 403 in 403 403 403 403 403  403 in"
        )
        for step in ("place", "take-off")
    },
    ("POST", "conferences/<slug:conference>/draft/speakers/<id:pk>/invite/"): (
        "401 403  403 403 403 403  in 403 403 in 403 403 403 403 403  403 in"
    ),
    ("GET", "companies/"): _SIGNED_IN,
    ("POST", "companies/"): _SIGNED_IN,
    ("GET", "companies/<id:pk>/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("PATCH", "companies/<id:pk>/"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", "companies/<id:pk>/members/"): "401 -  in in in in  - - - - - - - - -  - -",
    ("POST", "companies/<id:pk>/members/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("POST", "companies/<id:pk>/invite-contact/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", "companies/<id:pk>/members/<id:part>/"): "401 -  in in in in  - - - - - - - - -  - -",
    ("PATCH", "companies/<id:pk>/members/<id:part>/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("DELETE", "companies/<id:pk>/members/<id:part>/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("GET", "companies/<id:pk>/invitations/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("POST", "companies/<id:pk>/invitations/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("GET", "companies/<id:pk>/invitations/<id:part>/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("DELETE", "companies/<id:pk>/invitations/<id:part>/"): "401 -  in 403 403 403  - - - - - - - - -  - -",
    ("POST", "invitations/accept/"): _SIGNED_IN,
    ("GET", "fairs/<slug:fair>/applications/"): _SIGNED_IN,
    ("POST", "fairs/<slug:fair>/applications/"): _SIGNED_IN,
    ("GET", _APPLICATION): "401 -  in in in in  in in in - in in - in in  - in",
    ("PATCH", _APPLICATION): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", f"{_APPLICATION}checklist/"): "401 -  in in in in  in in in - in in - in in  - in",
    **{
        ("POST", f"{_APPLICATION}checklist/{verb}/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in"
        for verb in ("tick", "untick")
    },
    ("GET", f"{_APPLICATION}documents/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("POST", f"{_APPLICATION}documents/"): "401 -  415 415 415 403  415 415 403 - 403 403 - 403 403  - 415",
    ("GET", f"{_APPLICATION}documents/<id:part>/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("PATCH", f"{_APPLICATION}documents/<id:part>/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
    ("DELETE", f"{_APPLICATION}documents/<id:part>/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
    **{
        ("POST", f"{_APPLICATION}documents/<id:part>/{verb}/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in"
        for verb in ("approve", "return")
    },
    **{
        ("POST", f"{_APPLICATION}{step}/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in"
        for step in ("start-review", "request-changes", "admit", "waitlist", "reject", "cancel", "take-back", "extend-deadline")
    },
    **{
        ("POST", f"{_APPLICATION}{step}/"): "401 -  403 403 403 403  in 403 in - 403 403 - 403 403  - in"
        for step in ("offer-stand", "withdraw-offer", "relocate", "close-move")
    },
    **{
        ("POST", f"{_APPLICATION}{step}/"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in"
        for step in ("submit", "accept-offer", "decline-offer", "withdraw", "request-move")
    },
    **{
        (method, "fairs/<slug:fair>/announcements/"): "401 403  403 403 403 403  in in 403 403 403 403 403 403 403  403 in"
        for method in ("GET", "POST")
    },
    **{(method, "fairs/<slug:fair>/announcements/<id:pk>/"): "401 -  - - - -  in in - - - - - - -  - in" for method in ("GET", "DELETE")},
    **{
        (method, "fairs/<slug:fair>/allocation-runs/"): "401 403  403 403 403 403  in 403 in 403 403 403 403 403 403  403 in"
        for method in ("GET", "POST")
    },
    **{
        (method, f"fairs/<slug:fair>/allocation-runs/<id:pk>/{step}"): "401 -  - - - -  in - in - - - - - -  - in"
        for method, step in (
            ("GET", ""),
            ("GET", "lines/"),
            ("GET", "lines/<id:part>/"),
            ("PATCH", "lines/<id:part>/"),
            ("POST", "cancel/"),
            ("POST", "take-over/"),
            ("POST", "publish/"),
            ("POST", "call-off/"),
        )
    },
    ("GET", "fairs/<slug:fair>/stand-holds/"): "401 403  403 403 403 403  in in in 403 in in 403 in in  403 in",
    ("GET", _HOLD): "401 403  403 403 403 403  in in in 403 in in 403 in in  403 in",
    **{(method, _HOLD): "401 403  403 403 403 403  in 403 in 403 403 403 403 403 403  403 in" for method in ("POST", "DELETE")},
    ("GET", "companies/<id:pk>/co-exhibits/"): "401 -  in in in in  - - - - - - - - -  - -",
    ("GET", f"{_APPLICATION}co-exhibitors/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("POST", f"{_APPLICATION}co-exhibitors/"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", f"{_APPLICATION}co-exhibitors/<id:part>/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("DELETE", f"{_APPLICATION}co-exhibitors/<id:part>/"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in",
    ("POST", f"{_APPLICATION}co-exhibitors/<id:part>/confirm/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in",
    ("POST", f"{_APPLICATION}co-exhibitors/<id:part>/admit/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in",
    ("POST", f"{_APPLICATION}co-exhibitors/<id:part>/refuse/"): "401 -  403 403 403 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", f"{_APPLICATION}answers/<slug:code>/"): "401 -  - - - -  - - - - - - - - -  - -",  # nobody has answered it with a file
    ("POST", f"{_APPLICATION}answers/<slug:code>/"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in",
    **{
        (method, f"{_APPLICATION}{part}"): "401 -  in in 403 403  in in 403 - 403 403 - 403 403  - in"
        for name in ("products", "represented-companies")
        for method, part in (("POST", f"{name}/"), ("PATCH", f"{name}/<id:part>/"), ("DELETE", f"{name}/<id:part>/"))
    },
    **{
        ("GET", f"{_APPLICATION}{name}{part}"): "401 -  in in in in  in in in - in in - in in  - in"
        for name in ("products/", "represented-companies/")
        for part in ("", "<id:part>/")
    },
    ("GET", f"{_APPLICATION}passes/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("GET", f"{_APPLICATION}staff/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("POST", f"{_APPLICATION}staff/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
    ("POST", f"{_APPLICATION}staff/register-as-delegates/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
    ("GET", f"{_APPLICATION}staff/<id:part>/"): "401 -  in in in in  in in in - in in - in in  - in",
    ("PATCH", f"{_APPLICATION}staff/<id:part>/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
    ("DELETE", f"{_APPLICATION}staff/<id:part>/"): "401 -  in in in 403  in in 403 - 403 403 - 403 403  - in",
}

"""Examples of the description; see api/examples.py."""

from api.examples import Example

ME = {
    "id": 214,
    "email": "export@lipovy-uval.example",
    "name": "Серафима Пасечная",
    "language": "ru",
    "time_zone": "Asia/Vladivostok",
    "daily_digest": True,
    "notices_at_once": ["offers", "withdrawals"],
    "companies": [{"id": 31, "legal_name": "ООО «Липовый увал»", "role": "owner"}],
    "roles": [],
}

DELIVERY_REPORT = """\
From: MAILER-DAEMON@mx.example.org
To: bounces@yarmarka.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="1"

--1
Content-Type: text/plain

The letter could not be delivered.
--1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; export@lipovy-uval.example
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--1
Content-Type: text/rfc822-headers

Message-ID: <5e8f50828f164e81b3a4e380b1d40652@yarmarka.example>

--1--
"""

EXAMPLES = {
    "delivery_reports_create": Example(request=DELIVERY_REPORT, response={"outcome": "recorded"}),
    "me_retrieve": Example(response=ME),
    "me_partial_update": Example(
        request={"language": "ru", "time_zone": "Asia/Vladivostok", "notices_at_once": ["offers", "withdrawals"]}, response=ME
    ),
}

"""Delivery reports as mail servers write them."""


def report(
    letter_id: str = "",
    address: str = "anna@example.org",
    *,
    status: str = "5.1.1",
    action: str = "failed",
    diagnostic: str = "smtp; 550 5.1.1 <anna@example.org>: Recipient address rejected: User unknown",
    envelope_id: str = "",
    original: str = "",
    headers_only: bool = False,
) -> bytes:
    """As Postfix has it; ``letter_id`` is the Message-ID in what is sent back of the letter."""
    about = [
        *([f"Original-Envelope-Id: {envelope_id}"] if envelope_id else []),
        "Reporting-MTA: dns; mx.example.org",
        "Arrival-Date: Tue, 12 Dec 2023 09:00:00 +0800 (CST)",
        "",
        f"Final-Recipient: rfc822; {address}",
        *([f"Original-Recipient: rfc822;{original}"] if original else []),
        f"Action: {action}",
        f"Status: {status}",
        "Remote-MTA: dns; mail.example.org",
        f"Diagnostic-Code: {diagnostic}",
    ]
    kind = "text/rfc822-headers" if headers_only else "message/rfc822"
    lines = [
        "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)",
        "To: bounces@yarmarka.example",
        "Subject: Undelivered Mail Returned to Sender",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="B/1"',
        "",
        "--B/1",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "This is the mail system at host mx.example.org.",
        "",
        "--B/1",
        "Content-Type: message/delivery-status",
        "",
        *about,
        "",
        "--B/1",
        f"Content-Type: {kind}",
        "",
        "From: Yarmarka <fair@yarmarka.example>",
        *([f"Message-ID: {letter_id}"] if letter_id else []),
        "Subject: =?utf-8?b?0J/RgNC40LLQtdGC?=",
        "",
        *([] if headers_only else ["Hello", ""]),
        "--B/1--",
        "",
    ]
    return "\r\n".join(lines).encode()

"""A client of Yarmarka's API in a hundred lines, with nothing but Python's own library. Copy what you need."""

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any


class Refused(Exception):
    """The server said no: the problem details of its answer (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem = status, problem
        details = [f"{error.get('pointer', '')} {error['detail']}".strip() for error in problem.get("errors", ()) if "detail" in error]
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title')} {'; '.join(details)}".strip())


@dataclass
class Answer:
    """A successful answer: its JSON, and its ETag where it is one object."""

    status: int
    data: Any
    etag: str = ""


@dataclass
class Client:
    """``token`` is the session token of ``/_allauth/app/v1/``; without one a stranger asks."""

    site: str
    token: str = ""
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Answer:
        """With a key of its own: should the connection break, the same call may be repeated and creates nothing twice."""
        return self.send("POST", path, {} if body is None else body, {"Idempotency-Key": secrets.token_urlsafe(16)})

    def patch(self, path: str, changes: Any) -> Answer:
        """Reads the object first and sends its ETag back: if somebody changed it in between, this is refused with 412."""
        return self.send("PATCH", path, changes, {"If-Match": self.get(path).etag})

    def load(self, url: str) -> bytes:
        """The bytes under a link such as a document's ``file_url``."""
        data = self.send("GET", url.removeprefix(self.site)).data
        return data if isinstance(data, bytes) else b""

    def upload(self, path: str, fields: dict[str, str], name: str, content: bytes) -> Answer:
        """A file with fields beside it, as ``multipart/form-data``."""
        boundary = secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
        body = b"".join([*parts, head.encode(), content, f"\r\n--{boundary}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": secrets.token_urlsafe(16)}
        return self.send("POST", path, body, headers)

    def send(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Answer:
        """One request. Raises Refused for every answer that is no success."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.site + path, data=data, method=method)  # noqa: S310 an address of ours
        request.add_header("Accept-Language", self.language)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if self.token:
            request.add_header("X-Session-Token", self.token)
        for name, value in {**self.headers, **(headers or {})}.items():
            request.add_header(name, value)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
                raw = response.read()
                is_json = response.headers.get_content_type() == "application/json"
                return Answer(response.status, _json(raw) if is_json else raw, response.headers.get("ETag", ""))
        except urllib.error.HTTPError as error:
            raise Refused(error.code, _json(error.read()) or {}) from error

    def sign_in(self, email: str, password: str) -> None:
        answer = self.post("/_allauth/app/v1/auth/login", {"email": email, "password": password})
        self.token = answer.data["meta"]["session_token"]


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        return None

"""The whole story of one exhibitor, from sign-up to an accepted stand, over plain HTTP.

    make demo                                    # in another terminal
    python3 examples/exhibitor_story.py          # --site http://localhost:8000 --mail var/mail

Every call that a portal needs is here once, in the order in which a company in Vladivostok meets it. The company is invented; each
run invents another one. Nothing but Python's own library is used: see client.py beside this file.
"""

import argparse
import random
import secrets
import time
from pathlib import Path
from typing import Any

from client import Client, Refused
from letters import code_in, letter_to

FAIR = "/api/v1/fairs/made-in-russia-2024/"
SIGN_IN = "/_allauth/app/v1"
ORGANISER = ("owner@demo.example", "yarmarka-demo")  # of the demo: demo/logins.py


class Story:
    """What the chapters hand on to each other."""

    def __init__(self, site: str, mail: Path) -> None:
        self.mail = mail
        self.began = time.time() - 1
        self.exhibitor, self.organiser = Client(site, language="ru"), Client(site)
        self.address = f"taiga-{secrets.token_hex(4)}@exhibitor.example"
        self.company: dict[str, Any] = {}
        self.application = ""  # its path

    def tell(self) -> None:
        for number, chapter in enumerate(CHAPTERS, start=1):
            print(f"\n{number}. {(chapter.__doc__ or '').splitlines()[0]}")
            chapter(self)
        print("\nThe end: the company stands in the catalogue.")

    def status(self, client: Client) -> str:
        return str(client.get(self.application).data["status"])


def say(text: str) -> None:
    print(f"   {text}", flush=True)


def sign_up(story: Story) -> None:
    """Sign up; the code comes by mail"""
    password = secrets.token_urlsafe(16)
    body = {"email": story.address, "password": password, "name": "Мира Таёжная", "time_zone": "Asia/Vladivostok"}
    try:
        story.exhibitor.post(f"{SIGN_IN}/auth/signup", body)
    except Refused as refusal:  # 401 says: not signed in before the address is verified
        if refusal.status != 401:
            raise
        story.exhibitor.token = refusal.problem["meta"]["session_token"]
    say(f"{story.address} has signed up and is not let in yet")
    letter = letter_to(story.mail, story.address, after=story.began)
    say(f"letter: {letter['Subject']}")
    verified = story.exhibitor.post(f"{SIGN_IN}/auth/email/verify", {"key": code_in(letter)})
    story.exhibitor.token = verified.data["meta"].get("session_token", story.exhibitor.token)
    me = story.exhibitor.get("/api/v1/me/").data
    say(f"signed in as {me['name']}, letters in “{me['language']}”, times of {me['time_zone']}")


def create_company(story: Story) -> None:
    """Enter the company; whoever does becomes its owner"""
    body = {
        "legal_name": f"ООО «Таёжный берег {secrets.token_hex(2)}»",
        "name": {"ru": "Таёжный берег", "zh-hans": "泰加海岸", "en": "Taiga Shore"},
        "description": {"ru": "Мёд и ягоды.", "zh-hans": "蜂蜜与浆果。", "en": "Honey and berries."},
        "country": "RU",
        "region": "RU-PRI",
        "tax_ids": {"inn": an_inn_of_nobody()},
        "categories": ["04"],
        "contacts": [
            {"role": "operations", "name": "Мира Таёжная", "email": story.address, "language": "ru", "time_zone": "Asia/Vladivostok"}
        ],
    }
    wrong = {**body, "tax_ids": {"inn": "0012345678"}}
    try:
        story.exhibitor.post("/api/v1/companies/", wrong)
    except Refused as refusal:
        say(f"a mistyped tax number is refused: {refusal}")
    story.company = story.exhibitor.post("/api/v1/companies/", body).data
    say(f"company {story.company['id']}: {story.company['legal_name']}")


def apply(story: Story) -> None:
    """Apply: a draft first, which may be incomplete"""
    draft = story.exhibitor.post(f"{FAIR}applications/", {"company": story.company["id"]}).data
    story.application = f"{FAIR}applications/{draft['id']}/"
    say(f"draft {draft['id']}; open to me now: {', '.join(draft['allowed_actions'])}")
    try:
        story.exhibitor.post(f"{story.application}submit/")
    except Refused as refusal:
        say(f"too early: {refusal}")
    wish = {"site": "shenyang", "requested_area_m2": {"min": 6, "wished": 9, "max": 24}, "scheme": "shell"}
    story.exhibitor.patch(story.application, {"categories": ["04"], "sites": [wish]})
    sent = story.exhibitor.post(f"{story.application}submit/").data
    say(f"submitted{', after the deadline: marked as late' if sent['late'] else ''}")
    letter = letter_to(story.mail, story.address, after=story.began, about=str(draft["id"]))
    say(f"letter: {letter['Subject']}")


def review(story: Story) -> None:
    """The organiser reviews and asks for changes; the exhibitor mends and sends again"""
    story.organiser.sign_in(*ORGANISER)
    queue = story.organiser.get(f"{FAIR}applications/?status=submitted&page_size=250").data
    say(f"{queue['count']} applications wait in the organiser's list")
    story.organiser.post(f"{story.application}start-review/")
    story.organiser.post(f"{story.application}request-changes/", {"message": "Please ask for 12 m² at most: the hall is full."})
    mine = story.exhibitor.get(story.application).data
    say(f"the exhibitor reads: {mine['status']}: {mine['message']}")
    wish = {"site": "shenyang", "requested_area_m2": {"min": 6, "wished": 9, "max": 12}, "scheme": "shell"}
    story.exhibitor.patch(story.application, {"sites": [wish]})
    story.exhibitor.post(f"{story.application}submit/")
    say(f"sent again: {story.status(story.exhibitor)}")
    try:
        story.exhibitor.post(f"{story.application}admit/")
    except Refused as refusal:
        say(f"who is no organiser cannot decide: {refusal}")


def admit(story: Story) -> None:
    """The organiser admits the company"""
    story.organiser.post(f"{story.application}start-review/")
    story.organiser.post(f"{story.application}admit/")
    say(f"decided; the exhibitor reads: {story.status(story.exhibitor)}")


def offer_and_accept(story: Story) -> None:
    """The organiser offers a stand, the exhibitor accepts it"""
    free = story.organiser.get(f"{FAIR}stands/?site=shenyang&status=available&page_size=250").data["results"]
    for stand in sorted(free, key=lambda found: abs(found["area_m2"] - 9)):
        try:
            story.organiser.post(f"{story.application}offer-stand/", {"stand": stand["id"]})
        except Refused as refusal:  # offered to somebody else, which the public list does not show
            if refusal.status != 409:
                raise
            continue
        say(f"offered: stand {stand['number']} in {stand['hall']}, {stand['area_m2']} m²")
        break
    [offer] = story.exhibitor.get(story.application).data["placements"]
    say(f"the exhibitor may answer until {offer['answer_by']}")
    story.exhibitor.post(f"{story.application}accept-offer/", {"placement": offer["id"]})
    say(f"accepted: {story.status(story.exhibitor)}")


def catalogue(story: Story) -> None:
    """Everybody finds the company in the catalogue"""
    found = Client(story.exhibitor.site, language="zh-hans").get(f"{FAIR}exhibitors/?search=%E6%B3%B0%E5%8A%A0%E6%B5%B7%E5%B2%B8").data
    stand = found["results"][0]["stands"][0]
    say(f"searching in Chinese finds {found['results'][0]['name']} on stand {stand['number']}")


CHAPTERS = [sign_up, create_company, apply, review, admit, offer_and_accept, catalogue]


def an_inn_of_nobody() -> str:
    """A tax number that passes its check and belongs to nobody: they begin with 00."""
    digits = f"00{random.randrange(10**7):07d}"  # noqa: S311
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10)


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays an exhibitor's whole story against a running demo.")
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--mail", type=Path, default=Path(__file__).parent.parent / "var" / "mail", help="where the demo writes letters")
    options = parser.parse_args()
    Story(options.site.rstrip("/"), options.mail).tell()


if __name__ == "__main__":
    main()

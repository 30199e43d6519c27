"""The whole story of one exhibitor, from sign-up to an accepted stand and the catalogue, over plain HTTP.

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
from letters import code_in, letter_to, text_of
from papers import a_pdf

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
        self.stand: dict[str, Any] = {}

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


def fill_in(story: Story) -> None:
    """Fill in the form, which the API describes: fields, limits, and the fair's own questions"""
    form = story.exhibitor.get(f"{FAIR}application-form/").data
    questions = [question for section in form["sections"] for question in section["questions"]]
    say(f"{len(form['sections'])} sections, {sum(len(section['fields']) for section in form['sections'])} fields, own questions:")
    for question in questions:
        say(f"  {question['code']} ({question['type']}{', required' if question['required'] else ''}): {question['text']}")
    wish = {
        "site": "shenyang",
        "requested_area_m2": {"min": 6, "wished": 9, "max": 24},
        "open_sides": 2,
        "scheme": "shell",
        "power_kw": 3,
        "cold_storage_m2": 2,
    }
    changes = {
        "categories": ["04"],
        "sites": [wish],
        "fascia_text": "TAIGA SHORE",
        "answers": {"sold-in-china": True, "china-partner": "Shenyang Honey Trading", "transport": "rail", "tasting-portions": 120},
    }
    story.exhibitor.patch(story.application, changes)
    honey = {
        "name": {"ru": "Мёд липовый", "zh-hans": "椴树蜜", "en": "Linden honey"},
        "code": "0409000000",
        "shelf_life_days": 730,
        "temperature_c": {"min": 0, "max": 20},
        "fate": "taste",
        "sites": ["shenyang"],
    }
    product = story.exhibitor.post(f"{story.application}products/", honey).data
    say(f"product {product['id']}: {product['name']}, TN VED {product['code']}")


def submit(story: Story) -> None:
    """Submit: from now on the application binds the company"""
    sent = story.exhibitor.post(f"{story.application}submit/").data
    say(f"submitted{', after the deadline: marked as late' if sent['late'] else ''}")
    letter = letter_to(story.mail, story.address, after=story.began, about=str(sent["id"]))
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


def hand_in(story: Story) -> None:
    """A document is handed in, returned with a reason, sent again and approved"""
    documents = f"{story.application}documents/"
    first = story.exhibitor.upload(documents, {"requirement": "label-proofs"}, "Этикетка.pdf", a_pdf("Linden honey, 500 g")).data
    say(f"{first['requirement_title']}: version {first['version']} is {first['state']}, {first['file_size']} bytes as {first['file_name']}")
    [waiting] = story.organiser.get(f"{documents}?requirement=label-proofs&state=uploaded").data["results"]
    say(f"the organiser loads {len(story.organiser.load(waiting['file_url']))} bytes under a link of their own")
    try:
        story.exhibitor.load(waiting["file_url"])
    except Refused as refusal:
        say(f"which serves nobody else: {refusal}")
    reason = "The importer is missing on the label (GB 7718)."
    story.organiser.post(f"{documents}{first['id']}/return/", {"reason": reason})
    letter = letter_to(story.mail, story.address, after=story.began, about=reason)
    say(f"letter: {letter['Subject']}")
    say(f"  {next(line for line in text_of(letter).splitlines() if reason in line).strip()}")
    label = a_pdf("Linden honey, 500 g. Importer: Shenyang Honey Trading")
    second = story.exhibitor.upload(documents, {"requirement": "label-proofs"}, "Этикетка.pdf", label).data
    approved = story.organiser.post(f"{documents}{second['id']}/approve/").data
    say(f"version {second['version']} is sent, and now {approved['state']} by {approved['reviewed_by']}")


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
        story.stand = stand
        say(f"offered: stand {stand['number']} in {stand['hall']}, {stand['area_m2']} m²")
        break
    [offer] = story.exhibitor.get(story.application).data["placements"]
    say(f"the exhibitor may answer until {offer['answer_by']}")
    story.exhibitor.post(f"{story.application}accept-offer/", {"placement": offer["id"]})
    say(f"accepted: {story.status(story.exhibitor)}")


def name_people(story: Story) -> None:
    """Who works on the stand, as in the passport"""
    [stand] = story.exhibitor.get(story.application).data["placements"]
    person = {
        "name_in_latin": "MIRA TAEZHNAYA",
        "name_in_cyrillic": "Мира Таёжная",
        "role": "manager",
        "days": [{"site": stand["site"], "first_day": stand["first_day"], "last_day": stand["last_day"]}],
    }
    named = story.exhibitor.post(f"{story.application}staff/", person).data
    passes = story.exhibitor.get(f"{story.application}passes/").data
    given = "; ".join(f"{site['used']} of {site['quota'] + site['extra']} passes in {site['site']}" for site in passes["sites"])
    say(f"{named['name_in_latin']}, {named['role']}; {given}, until {passes['closes_at']}")


def checklist(story: Story) -> None:
    """What is due now, when, and why"""
    found = story.exhibitor.get(f"{story.application}checklist/").data
    say(f"{found['done']} done, {found['open']} open; times of {found['time_zone']}")
    for item in found["items"]:
        say(f"  {(item['due_at_local'] or 'no date')[:16]}  {item['state']:8}  {item['title']}: {item['why']}")


def catalogue(story: Story) -> None:
    """Everybody finds the company in the catalogue"""
    found = Client(story.exhibitor.site, language="zh-hans").get(f"{FAIR}exhibitors/?search=%E6%B3%B0%E5%8A%A0%E6%B5%B7%E5%B2%B8").data
    place = (story.stand["hall"], story.stand["number"])
    [mine] = [each for each in found["results"] if place in [(stand["hall"], stand["number"]) for stand in each["stands"]]]
    say(f"searching in Chinese finds {mine['name']} on stand {story.stand['number']}")


CHAPTERS = [sign_up, create_company, apply, fill_in, submit, review, admit, hand_in, offer_and_accept, name_people, checklist, catalogue]


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

"""The way of one delegate, from registration over the waiting list to a confirmed place and a seat in a session, over plain HTTP.

    make demo                                    # in another terminal
    python3 examples/delegate_story.py           # --site http://localhost:8000 --mail var/mail

The demo's conference has few places for the press. Colleagues take what is left, so that our delegate has to wait until one of them
cannot come. All of them are invented, each run invents others, and at the end each gives back what they have. Nothing but Python's own
library is used: see client.py beside this file.
"""

import argparse
import re
import secrets
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from client import Client, Refused
from letters import code_in, letter_to, text_of

CONFERENCE = "/api/v1/conferences/shenyang-2024/"
MOST_COLLEAGUES = 30


@dataclass
class Person:
    """Somebody who registers, with the client that knows them by the word of their letters."""

    name: str
    email: str
    client: Client
    status: str = ""


class Story:
    """What the chapters hand on to each other."""

    def __init__(self, site: str, mail: Path) -> None:
        self.site, self.mail = site, mail
        self.began = time.time() - 1
        self.colleagues: list[Person] = []
        self.mira = self.somebody("Мира Ветрова")
        self.session = ""

    def somebody(self, name: str) -> Person:
        return Person(name, f"press-{secrets.token_hex(4)}@delegate.example", Client(self.site, language="ru"))

    def tell(self) -> None:
        try:
            for number, chapter in enumerate(CHAPTERS, start=1):
                print(f"\n{number}. {(chapter.__doc__ or '').splitlines()[0]}")
                chapter(self)
        finally:
            self.clear_up()
        print("\nThe end: everybody has given their place back, and the story can be told again.")

    def clear_up(self) -> None:
        """Those who wait go first, or they would be offered what the others give back."""
        everybody = [self.mira, *self.colleagues]
        for person in sorted(everybody, key=lambda person: person.status != "waiting"):
            if person.client.headers and person.status != "cancelled":
                person.client.post(f"{CONFERENCE}delegates/cancel/")

    def letter(self, person: Person, about: str) -> EmailMessage:
        """The newest letter with ``about`` in it; it holds the word by which its reader is known from now on."""
        letter = letter_to(self.mail, person.email, after=self.began, about=about)
        say(f"letter to {person.name}: {letter['Subject']}")
        if word := re.search(r"/delegate/([\w.-]+)/", text_of(letter)):
            person.client.headers = {"Delegate-Word": word.group(1)}
        return letter


def say(text: str) -> None:
    print(f"   {text}", flush=True)


def look(story: Story) -> None:
    """Look at the conference and its programme"""
    found = story.mira.client.get(CONFERENCE).data
    say(f"{found['name']}, {found['starts_on']} – {found['ends_on']}")
    sessions = story.mira.client.get(f"{CONFERENCE}sessions/?page_size=250").data["results"]
    taking = [session for session in sessions if session["takes_sign_ups"]]
    story.session = taking[0]["code"]
    say(f"{len(sessions)} sessions; places are given one by one in {', '.join(session['code'] for session in taking)}")


def colleagues_come_first(story: Story) -> None:
    """Colleagues take the places that are left for the press"""
    for number in range(1, MOST_COLLEAGUES + 1):
        person = story.somebody(f"Коллега {number}")
        register(story, person)
        story.colleagues.append(person)
        kept = confirm(story, person)
        if kept == "waiting":
            break
        say(f"{person.name} confirms: {kept}")
    [*placed, last] = story.colleagues
    if not placed or last.status != "waiting":
        raise SystemExit("The press has no place to begin with, or too many: this story needs a few.")
    last.client.post(f"{CONFERENCE}delegates/cancel/")
    last.status = "cancelled"
    say(f"{last.name} would have to wait, and gives up")


def register_and_wait(story: Story) -> None:
    """Our delegate registers and comes onto the waiting list"""
    try:
        story.mira.client.post(f"{CONFERENCE}delegates/", {"kind": "astronaut", "name": story.mira.name, "email": story.mira.email})
    except Refused as refusal:
        say(f"an unknown kind is refused: {refusal}")
    register(story, story.mira)
    say(f"registered: {story.mira.status}")
    again = story.mira.client.post(f"{CONFERENCE}delegates/", form_of(story.mira)).data["status"]
    say(f"the same address again is answered the same, which tells nobody who is registered: {again}")
    say(f"the code confirms the address, and she is still {confirm(story, story.mira)}")
    try:
        story.mira.client.post(f"{CONFERENCE}sign-ups/", {"sessions": [story.session]})
    except Refused as refusal:
        say(f"a seat in a session is not for those who wait: {refusal}")


def somebody_cannot_come(story: Story) -> None:
    """A colleague cannot come: the place is offered to who has waited longest"""
    leaving = story.colleagues[0]
    leaving.status = leaving.client.post(f"{CONFERENCE}delegates/cancel/").data["status"]
    say(f"{leaving.name}: {leaving.status}")
    own = story.mira.client.get(f"{CONFERENCE}delegates/own/").data
    story.mira.status = own["status"]
    say(f"our delegate: {own['status']}, to be answered until {own['confirm_by']}")
    if own["status"] != "offered":
        raise SystemExit("Somebody else waits in front of our delegate; this story needs an empty waiting list.")


def accept(story: Story) -> None:
    """She accepts with the code out of the letter"""
    code = code_in(story.letter(story.mira, about="предлагаем"))
    try:
        story.mira.client.post(f"{CONFERENCE}delegates/confirm/", {"code": "AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FFFFF"})
    except Refused as refusal:
        say(f"a made-up code is refused: {refusal}")
    answer = story.mira.client.post(f"{CONFERENCE}delegates/confirm/", {"code": code}).data
    story.mira.status = answer["status"]
    own = story.mira.client.get(f"{CONFERENCE}delegates/own/").data
    say(f"{answer['status']}, confirmed at {own['confirmed_at']}")
    picture = story.mira.client.load(f"{CONFERENCE}delegates/own/pass.png")
    say(f"her pass says {own['pass_code']}; as a QR code: {len(picture)} bytes")


def sit_in_a_session(story: Story) -> None:
    """A seat in a session whose places are counted"""
    [mine] = story.mira.client.post(f"{CONFERENCE}sign-ups/", {"sessions": [story.session]}).data["sign_ups"]
    say(f"session {mine['session']}: {mine['status']}")
    story.mira.client.post(f"{CONFERENCE}sign-ups/", {"sessions": [story.session]})
    say(f"signed up twice is once: {len(story.mira.client.get(f'{CONFERENCE}sign-ups/').data['sign_ups'])} session")


def ask_for_an_invitation(story: Story) -> None:
    """The invitation for the visa, which the organisers issue"""
    path, conference = f"{CONFERENCE}delegates/own/invitation", story.mira.client.get(CONFERENCE).data
    wish = {
        "passport_name": "MIRA VETROVA",
        "passport_number": "750012345",
        "birth_date": "1985-03-14",
        "citizenship": "RU",
        "entry_on": conference["starts_on"],
        "leave_on": conference["ends_on"],
        "host": "Liaoning Trade Office (demo)",
    }
    try:
        story.mira.client.post(f"{path}/", {**wish, "passport_name": story.mira.name})
    except Refused as refusal:
        say(f"a name in Cyrillic is refused: {refusal}")
    say(f"{story.mira.client.post(f'{path}/', wish).data['status']}; what the passport says is not told again")
    try:
        story.mira.client.get(f"{path}.pdf")
    except Refused as refusal:
        say(f"there is no letter yet: {refusal}")


CHAPTERS = [look, colleagues_come_first, register_and_wait, somebody_cannot_come, accept, sit_in_a_session, ask_for_an_invitation]


def register(story: Story, person: Person) -> None:
    person.status = person.client.post(f"{CONFERENCE}delegates/", form_of(person)).data["status"]


def form_of(person: Person) -> dict[str, str]:
    return {"kind": "press", "name": person.name, "email": person.email, "organisation": "Вести ярмарки (демо)", "country": "RU"}


def confirm(story: Story, person: Person) -> str:
    """With the code of the first letter. Returns the status that it keeps."""
    code = code_in(story.letter(person, about="/calendars/"))
    return str(person.client.post(f"{CONFERENCE}delegates/confirm/", {"code": code}).data["status"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays a delegate's way to a place against a running demo.")
    parser.add_argument("--site", default="http://localhost:8000")
    parser.add_argument("--mail", type=Path, default=Path(__file__).parent.parent / "var" / "mail", help="where the demo writes letters")
    options = parser.parse_args()
    Story(options.site.rstrip("/"), options.mail).tell()


if __name__ == "__main__":
    main()

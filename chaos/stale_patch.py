"""Many have read the same version and change it at once: one is taken, the others are told that it is stale."""

from benchmarks.processes import Server
from chaos.figures import Figures
from chaos.volley import Call, ask, fire
from chaos.world import World

RACERS = 30


def measure(server: Server, world: World, figures: Figures, *, rounds: int) -> None:
    overwritten = failed = 0
    company = world.applications(1)[0].company_id
    path = f"/api/v1/companies/{company}/"
    for number in range(rounds):
        tag = ask(server.port, "GET", path, X_Session_Token=world.exhibitor).headers["Etag"]
        headers = {"X-Session-Token": world.exhibitor, "If-Match": tag}
        sites = [f"https://r{number}-{racer}.example" for racer in range(RACERS)]
        answers = fire(server.port, [Call("PATCH", path, {"website": site}, headers) for site in sites])
        taken = [site for site, answer in zip(sites, answers, strict=True) if answer.status == 200]
        now = ask(server.port, "GET", path, X_Session_Token=world.exhibitor).json()["website"]
        overwritten += abs(len(taken) - 1) + (now not in taken)
        overwritten += sum(answer.status not in (200, 412) for answer in answers)
        failed += sum(answer.status >= 500 or answer.status == 0 for answer in answers)
    figures.add("stale_patch_overwrites", overwritten)
    figures.add("stale_patch_5xx", failed)

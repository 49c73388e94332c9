"""A summary of faults leads to each of them: every form of every page, sent empty and sent wrong, by everybody there is."""

import re

from conftest import City
from test_traps import SMS, home, people_and_things, seeds
from traps import LAST, Drill
from visitor import again

# What is not typed: without it nothing is refused for what was typed.
KEPT = {"token", "sekali", "ditanya", "kode", "act", "tindakan", "isi"}


def dead(answer):
    """Where the summary of a page leads to nothing."""
    summary = re.search(r'<div class="errors".*?</div>', answer.text, re.S)
    ids = set(re.findall(r'\sid="([^"]+)"', answer.text))
    return [link for link in re.findall(r'href="#([^"]*)"', summary.group(0) if summary else "") if link not in ids]


def wrongs(example, typed):
    """The form empty, and with something in every field that nobody could mean."""
    for value in ("", "x", "9" * 400):
        fields = {name: value if name in typed else old for name, old in example.fields.items()}
        yield again(fields)
    yield again({name: old for name, old in example.fields.items() if name not in typed})


def test_a_summary_leads_to_every_fault(tmp_path):
    questions = tmp_path / "questions"
    environment = {"BALAI_HOME": str(home(tmp_path)), "BALAI_RECORD_QUESTIONS": str(questions), "BALAI_SMS_SECRET": SMS}
    city = City(environment=environment)
    routes = city.command("routes")
    city.start()
    try:
        people, things = people_and_things(city)
        drill = Drill(city, routes, questions, people)
        for visitor in people:
            drill.walk(visitor, seeds(drill, things))
        found, seen = {}, 0
        for (method, pattern), examples in drill.examples.items():
            for example in examples if method == "POST" else []:
                typed = {name for name in example.fields if name not in KEPT and not name.startswith("_")}
                for fields in wrongs(example, typed) if typed and not LAST.search(example.path) else []:
                    answer = example.visitor.post(example.path, fields, [(name, b"") for name in example.files])
                    seen += 'id="galat"' in answer.text
                    for link in dead(answer):
                        found.setdefault((pattern, link), f"{example.visitor.name}: {example.path} {fields}"[:300])
        print(f"{seen} summaries")
        assert not found, "\n".join(f"{pattern} #{link}: {first}" for (pattern, link), first in found.items())
        assert seen > 50, "forms are refused"
    finally:
        city.stop()

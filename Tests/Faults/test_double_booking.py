"""People book the same hall while the server is killed: what was acknowledged is kept, no time is given twice."""

import os
import random
import threading
import time

import requests

KILLS = int(os.environ.get("BOOKING_KILLS", "8"))
RESOURCES = ["aula", "lapangan_a", "lapangan_b"]


def day(ahead):
    moment = time.time() + ahead * 86400
    while time.localtime(moment).tm_wday not in range(4):
        moment += 86400
    return time.strftime("%Y-%m-%d", time.localtime(moment))


class Renter(threading.Thread):
    """Books one time after another; an application that was not answered is sent again under its own draft."""

    def __init__(self, city, seed, slots):
        super().__init__(daemon=True)
        self.city, self.random, self.slots = city, random.Random(seed), slots
        self.booked = {}
        self.is_stopping = False

    def until_answered(self, send):
        while not self.is_stopping:
            try:
                answer = send()
                if answer.status_code < 500:
                    return answer
            except requests.RequestException:
                pass
            time.sleep(0.02)
        return None

    def run(self):
        while not self.is_stopping:
            slot = self.random.choice(self.slots)
            draft = self.until_answered(lambda: requests.post(self.city.url + "/api/v1/services/sewa-gelanggang/drafts", timeout=10))
            if draft is None:
                return
            address = f"{self.city.url}/api/v1/drafts/{draft.json()['draft']}/submission"
            answer = self.until_answered(lambda: requests.post(address, json={"waktu": slot, "nama": "Warga", "kontak": f"w{self.random.randrange(10**9)}@contoh.id"}, timeout=10))
            if answer is not None and answer.status_code == 201:
                self.booked[answer.json()["docket"]] = slot


def minutes(slot):
    """The quarters of an hour that a booking takes, with the one for cleaning, of each smallest part."""
    resource, rest = slot.split("@")
    start, length = rest.split("/")
    clock = start.split("T")[1]
    first = int(clock[:2]) * 60 + int(clock[3:])
    units = ["lapangan_a", "lapangan_b"] if resource == "aula" else [resource]
    return {(unit, start[:10], minute) for unit in units for minute in range(first, first + int(length) + 15, 15)}


def test_no_time_is_lost_or_given_twice_over_kills(city):
    slots = []
    for ahead in (7, 14, 21, 28):
        for resource in RESOURCES:
            for length in (60, 120):
                answer = requests.get(f"{city.url}/api/v1/venues/gelanggang/slots", params={"resource": resource, "day": day(ahead), "minutes": length})
                slots += [slot["slot"] for slot in answer.json()["slots"]]
    renters = [Renter(city, seed, slots) for seed in range(6)]
    for renter in renters:
        renter.start()
    for kill in range(KILLS):
        time.sleep(0.2 + random.Random(kill).random() / 2)
        city.kill()
        city.start()
    time.sleep(1)
    for renter in renters:
        renter.is_stopping = True
    for renter in renters:
        renter.join(timeout=15)
    booked = {docket: slot for renter in renters for docket, slot in renter.booked.items()}
    assert len(booked) >= 10
    taken = [minute for slot in booked.values() for minute in minutes(slot)]
    assert len(taken) == len(set(taken)), "a time was given twice"
    for ahead in (7, 14, 21, 28):
        for resource in RESOURCES:
            answer = requests.get(f"{city.url}/api/v1/venues/gelanggang/slots", params={"resource": resource, "day": day(ahead)})
            free = {minute for slot in answer.json()["slots"] for minute in minutes(slot["slot"])}
            assert not free & set(taken), "what was acknowledged is free again"
    assert all(requests.get(f"{city.url}/berkas/{docket}").ok for docket in booked)
    city.command("rebuild")

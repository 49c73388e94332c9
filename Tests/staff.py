"""Somebody on the staff, signed in without a browser."""

import re
import sqlite3

import requests

from applicant import token
from conftest import totp

PASSWORD = "kuda nil makan rumput"


class Staff:
    """Claims an account; `session` is signed in, `codes` are its recovery codes, which stand for one-time codes without waiting."""

    def __init__(self, city, login, agency, roles):
        self.city, self.login, self.session = city, login, requests.Session()
        claim = city.url + city.staff(login, agency, roles)
        page = self.session.get(claim)
        self.secret = re.search(r'class="code">([A-Z2-7]{32})<', page.text).group(1)
        page = self.session.post(claim, data={"token": token(page), "code": totp(self.secret), "password": PASSWORD})
        assert page.ok, page.text
        self.codes = re.findall(r'class="code">([0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4})<', page.text)

    def get(self, path):
        return self.session.get(self.city.url + path)

    def post(self, path, page, **fields):
        """Sends a form with the token of a page."""
        return self.session.post(self.city.url + path, data={"token": token(page), **fields})

    def sign_in(self, session, code, password=PASSWORD, **fields):
        page = session.get(self.city.url + "/masuk")
        return session.post(self.city.url + "/masuk", data={"token": token(page), "login": self.login, "password": password, "code": code, "ke": "", **fields})

    def database(self):
        """The database itself, where the city is on SQLite: to let time pass."""
        return sqlite3.connect(self.city.data / "city" / "balai.sqlite", timeout=30)

    def grow_stale(self):
        """As if a quarter of an hour had passed since the last code."""
        with self.database() as database:
            database.execute("UPDATE session SET proven_at = 0")


def fresh(city):
    """The other way round: every session of the city was proven a moment ago, which lasts a quarter of an hour."""
    with sqlite3.connect(city.data / "city" / "balai.sqlite", timeout=30) as database:
        database.execute("UPDATE session SET proven_at = CAST(strftime('%s', 'now') AS INTEGER) * 1000")


def carried(page):
    """What a page that asks for a code carries, and where it is sent."""
    action, form = re.search(r'<form method="post" action="([^"]+bukti=1)">(.*?)</form>', page.text, re.S).groups()
    fields = re.findall(r'name="tersimpan" value="([^"]+)"', form)
    return action, {"token": token(page), "tersimpan": fields}

"""Renting a hall: chosen among the times that are free, paid, moved, closed; 360 pixels wide, without JavaScript."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from applicant import token
from conftest import City
from test_journey import phone, sign_in


def weekday(ahead, wanted=range(5)):
    """A day so many days ahead or later that is no weekend."""
    moment = time.time() + ahead * 86400
    while time.localtime(moment).tm_wday not in wanted:
        moment += 86400
    return time.strftime("%Y-%m-%d", time.localtime(moment))


def start(page, city):
    page.goto(city.url + "/layanan/sewa-gelanggang")
    page.get_by_role("button", name="Ajukan sekarang").click()


def look(page, what, day, length="1 jam", weeks="sekali saja"):
    page.get_by_label("Yang dipesan").select_option(label=what)
    page.get_by_label("Hari", exact=True).fill(day)
    page.get_by_label("Lamanya").select_option(label=length)
    page.get_by_label("Setiap minggu").select_option(label=weeks)
    page.get_by_role("button", name="Lihat waktu kosong").click()


def send(page, name="Warga Contoh", contact="warga@contoh.id"):
    page.get_by_role("button", name="Lanjut", exact=True).last.click()
    page.get_by_label("Nama", exact=True).fill(name)
    page.get_by_label("Nomor HP atau email").fill(contact)
    page.get_by_role("button", name="Lanjut", exact=True).last.click()
    page.get_by_role("button", name="Kirim permohonan").click()


def free(city, resource, day, **more):
    answer = requests.get(f"{city.url}/api/v1/venues/gelanggang/slots", params={"resource": resource, "day": day, **more})
    assert answer.ok, answer.text
    return [slot["slot"] for slot in answer.json()["slots"]]


def book(city, slot, contact="warga@contoh.id"):
    """Books as a program does; gives the answer."""
    draft = requests.post(city.url + "/api/v1/services/sewa-gelanggang/drafts").json()["draft"]
    return requests.post(f"{city.url}/api/v1/drafts/{draft}/submission", json={"waktu": slot, "nama": "Warga", "kontak": contact})


def test_a_hall_is_booked_paid_and_moved(city, browser):
    officer = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="id-ID").new_page()
    sign_in(officer, city, city.staff("dewi", "pu", "officer,treasurer"), "dewi")
    page = phone(browser).new_page()
    day = weekday(7, [1])
    start(page, city)
    page.get_by_role("button", name="Lanjut", exact=True).last.click()
    assert "lihat waktu yang kosong, lalu pilih satu" in page.content()
    look(page, "Lapangan A", day, "2 jam", "3 minggu")
    assert page.get_by_label("Yang dipesan").input_value() == "lapangan_a", "what was looked for is still there"
    page.get_by_label("10.00–12.00").check()
    # Looking elsewhere without pressing the button first is not taken for an answer.
    page.get_by_label("Yang dipesan").select_option(label="Lapangan B")
    page.get_by_role("button", name="Lanjut", exact=True).last.click()
    assert page.get_by_label("10.00–12.00").is_checked() is False and "Lapangan B" in page.locator("fieldset.slot").inner_text()
    page.get_by_label("10.00–12.00").check()
    send(page)
    docket = page.locator(".figure").inner_text()
    assert docket.startswith("SGO-")
    page.get_by_role("link", name="Buka berkas").click()
    assert page.locator("section", has_text="Jadwal").locator("li b").count() == 3
    assert "Rp240.000" in page.content() and "Menunggu pembayaran" in page.content()
    calendar = page.request.get(f"{city.url}/berkas/{docket}/jadwal.ics")
    assert calendar.text().count("BEGIN:VEVENT") == 3 and f"DTSTART:{day.replace('-', '')}T030000Z" in calendar.text()
    assert all(len(line.encode()) <= 75 for line in calendar.text().split("\r\n"))
    assert not any("T10:00" in slot for slot in free(city, "aula", day))
    city.kill()
    city.start()
    assert not any("T10:00" in slot for slot in free(city, "lapangan_b", day)), "what was acknowledged is kept"
    bill = page.locator("b.code").inner_text()
    officer.goto(f"{city.url}/meja/kas?kode={bill}")
    officer.get_by_role("button", name="Terima", exact=False).click()
    page.reload()
    assert "Dipesan" in page.locator(".badge").first.inner_text()
    # The officer moves it, looking through the days on the case's own page.
    officer.goto(f"{city.url}/meja/permohonan/{docket}")
    act = officer.locator("form", has=officer.get_by_role("button", name="Pindahkan ke waktu lain"))
    act.get_by_label("Yang dipesan").select_option(label="Lapangan B")
    act.get_by_label("Hari", exact=True).fill(day)
    act.get_by_role("button", name="Lihat waktu kosong").click()
    act.get_by_label("14.00–15.00").check()
    act.get_by_label("Kepada pemohon").fill("Lampu diperbaiki pagi itu")
    act.get_by_role("button", name="Pindahkan ke waktu lain").click()
    page.reload()
    assert "14.00–15.00" in page.locator("section", has_text="Jadwal").inner_text()
    assert any("T10:00" in slot for slot in free(city, "lapangan_b", day)), "the earlier time is free again"
    officer.goto(f"{city.url}/meja/jadwal?hari={day}")
    assert docket in officer.content()


def test_a_time_that_is_gone_is_told_where_another_can_be_chosen(quiet_city, browser):
    city = quiet_city
    page = phone(browser).new_page()
    day = weekday(9)
    start(page, city)
    look(page, "Aula penuh", day)
    page.get_by_label("08.00–09.00").check()
    assert book(city, free(city, "lapangan_a", day)[0]).status_code == 201
    send(page, "Warga Terlambat")
    assert page.title().startswith("Galat:") and "Waktu ini tidak bisa lagi" in page.content() and "sudah dipesan" in page.content()
    page.get_by_label("14.00–15.00").check()
    page.get_by_role("button", name="Lanjut", exact=True).last.click()
    assert page.get_by_label("Nama", exact=True).input_value() == "Warga Terlambat", "nothing that was typed is lost"


def test_a_crowd_of_programs_books_each_time_once(city):
    day = weekday(10)
    slots = free(city, "lapangan_a", day) + free(city, "aula", day)
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda number: book(city, slots[number % len(slots)], f"w{number}@contoh.id"), range(4 * len(slots))))
    assert {answer.status_code for answer in answers} <= {201, 422}
    # A booking of an hour with its quarter for cleaning leaves every second hour: each is had once.
    won = [answer.json()["docket"] for answer in answers if answer.status_code == 201]
    assert len(won) == len(set(won)) >= 3
    assert all("booked already" in answer.text or "sudah dipesan" in answer.text for answer in answers if answer.status_code == 422)
    left = free(city, "lapangan_a", day)
    assert all(book(city, slot).status_code == 201 for slot in left[:1]) and len(left) <= 3


def test_what_is_closed_is_said_in_public_and_cannot_be_booked(quiet_city, browser):
    city = quiet_city
    officer = browser.new_context(java_script_enabled=False, locale="id-ID").new_page()
    sign_in(officer, city, city.staff("rosa", "pu", "officer"), "rosa")
    day = weekday(14)
    assert book(city, free(city, "lapangan_b", day)[0]).status_code == 201
    officer.goto(f"{city.url}/meja/jadwal?hari={day}")
    officer.get_by_label("Yang ditutup").select_option(label="Aula penuh")
    officer.get_by_label("Dari").fill("07:00")
    officer.get_by_label("Sampai").fill("06:00")
    officer.get_by_label("Sebabnya, untuk dibaca umum").fill("Atap bocor")
    officer.get_by_role("button", name="Tutup", exact=True).click()
    assert "Akhirnya harus sesudah mulainya" in officer.content()
    officer.get_by_label("Sampai").fill("21:00")
    officer.get_by_role("button", name="Tutup", exact=True).click()
    assert "sudah dipesan di waktu yang baru ditutup" in officer.content()
    page = phone(browser).new_page()
    page.goto(f"{city.url}/sarana/gelanggang?hari={day}")
    assert page.locator("tbody td").all_inner_texts().count("tidak ada") == 3 and "Atap bocor" in page.content()
    officer.goto(f"{city.url}/meja/jadwal?hari={day}")
    officer.get_by_role("button", name="Buka lagi").click()
    assert free(city, "aula", day) != []


def test_programs_are_told_what_they_ask_wrong(quiet_city):
    url = quiet_city.url + "/api/v1/venues/gelanggang/slots"
    for query in [{"resource": "kolam"}, {"day": "besok"}, {"minutes": "45"}, {"weeks": "99"}]:
        answer = requests.get(url, params=query)
        assert answer.status_code == 400 and answer.headers["Content-Type"].startswith("application/problem+json")
    assert requests.get(quiet_city.url + "/api/v1/venues/tidak-ada/slots").status_code == 404

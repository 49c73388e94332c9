"""Somebody who came to an account lately, such as by an hour with its owner's telephone, ends, erases and redirects nothing of theirs."""

import re
import sqlite3
import subprocess
import uuid

import pytest
import requests

from applicant import BIRTH, apply, token
from conftest import VERSIONS, docket_in
from staff import Staff
from test_journey import phone
from test_pages import faults
from test_residents import adding_code, code_of, open_all, prove

OWNER, NEW = "+6281200000001", "maling@contoh.id"


def own(session, city):
    return token(session.get(city.url + "/saya"))


def enter(city, contact):
    """Signs in by a code."""
    session = requests.Session()
    session.post(city.url + "/saya", data={"token": own(session, city), "contact": contact, "ke": ""})
    page = session.post(city.url + "/saya/kode", data={"token": own(session, city), "code": code_of(city, contact), "ke": ""})
    assert "Siapa yang membuka data saya" in page.text
    return session


def report(city):
    """A withdrawn report whose contact is proven."""
    session = requests.Session()
    fields = {"token": token(session.get(city.url + "/lapor/luring")), "kunci": str(uuid.uuid4()), "category": "lubang", "answer-lubang-ukuran": "besar", "story": "Lubang besar.", "subdistrict": "99.01.01.1002", "address": "Jalan Merdeka", "contact": "0812-0000-0001"}
    docket = docket_in(session.post(city.url + "/lapor/luring", data=fields, files=[("tidak-ada", ("", b""))]).text)
    code = re.search(r"kode=(\d{6})", city.message(docket)).group(1)
    session.post(f"{city.url}/berkas/{docket}/konfirmasi", data={"token": own(session, city), "code": code})
    assert "ditarik" in session.post(f"{city.url}/berkas/{docket}/penarikan", data={"token": own(session, city), "yakin": "ya"}).text
    return session, docket


@pytest.fixture
def shared(city):
    """An account with a report and an application, the owner of both, and a newcomer to it."""
    applicant, case = apply(city.url, "akta-kelahiran", BIRTH)
    prove(applicant, city, case)
    reporter, docket = report(city)
    owner = enter(city, OWNER)
    owner.post(city.url + "/saya/kontak", data={"token": own(owner, city), "contact": NEW})
    owner.post(city.url + "/saya/tambah-kontak", data={"token": own(owner, city), "new-code": adding_code(city, NEW)})
    return applicant, case, reporter, docket, owner, enter(city, NEW)


def test_each_address_of_a_case_does_what_it_asks_a_code_for_and_nothing_else(city, shared):
    _, case, _, _, owner, newcomer = shared
    change, silence = {"act": "change", "contact": "maling@lain.id"}, {"notices": "none"}
    for path, what in [("kontak", change), ("kabar", change), ("kabar", silence), ("kontak", silence)]:
        answer = newcomer.post(f"{city.url}/berkas/{case}/{path}", data={"token": own(newcomer, city), **what})
        assert answer.status_code in (403, 429) and "Pastikan ini Anda" in answer.text, (path, what)
    send = lambda path, what: owner.post(f"{city.url}/berkas/{case}/{path}", data={"token": own(owner, city), **what})
    chosen = lambda: re.findall(r'name="notices" value="(\w+)"[^>]* checked', owner.get(f"{city.url}/berkas/{case}").text)
    assert send("kabar", change).status_code == 422 and "Kontak akan diganti" not in owner.get(f"{city.url}/berkas/{case}").text
    send("kontak", silence)
    assert chosen() == ["all"]
    assert send("kabar", {"notices": "needed"}).ok and chosen() == ["needed"]


def test_a_newcomer_ends_erases_and_redirects_nothing_before_the_oldest_contact_says_so(city, shared):
    applicant, case, reporter, docket, owner, newcomer = shared
    page = newcomer.get(f"{city.url}/berkas/{case}")
    assert "Tarik permohonan" in page.text, "what is ordinary they do: the account is shared"
    asked = {}
    for path, what in [(f"{docket}/penghapusan", {}), (f"{case}/langkah/tarik", {"sekali": "x"}), (f"{case}/hapus-data", {}), (f"{case}/rekening", {"kode": "1"})]:
        answer = newcomer.post(f"{city.url}/berkas/{path}", data={"token": own(newcomer, city), "yakin": "ya", **what})
        # No contact gets more than five codes in a quarter of an hour.
        assert answer.status_code in (403, 429) and "Pastikan ini Anda" in answer.text, path
        asked[path] = re.search(r'name="tersimpan" value="([^"]+)"', answer.text).group(1)
        code = code_of(city, OWNER) if answer.status_code == 403 else code
    # Nobody is erased while somebody is new there, with the case's own key in hand either.
    refused = reporter.post(f"{city.url}/berkas/{docket}/penghapusan", data={"token": own(reporter, city), "yakin": "ya"})
    assert refused.status_code == 409 and "ada kontak atau kunci sandi yang baru" in refused.text
    # Whoever writes the code of the oldest contact speaks for the owner, with what was typed.
    done = newcomer.post(f"{city.url}/berkas/{case}/langkah/tarik?bukti=1", data={"token": own(newcomer, city), "tersimpan": asked[f"{case}/langkah/tarik"], "code": code})
    assert done.ok and "sudah tercatat" in done.text and "/langkah/tarik" not in done.text


def test_the_owner_throws_a_newcomer_out_who_keeps_no_case_and_erases_what_is_theirs(city, shared):
    applicant, case, reporter, docket, owner, newcomer = shared
    assert "kunci=" not in newcomer.get(city.url + "/saya").text, "what opens a case from the account is the session"
    assert newcomer.get(f"{city.url}/berkas/{case}/data.json").ok
    owner.post(city.url + "/saya/lepas-kontak", data={"token": own(owner, city), "contact": NEW})
    assert "Isinya hanya untuk pemohon" in newcomer.get(f"{city.url}/berkas/{case}").text
    assert newcomer.get(f"{city.url}/berkas/{case}/data.json").status_code == 403
    assert newcomer.post(f"{city.url}/berkas/{docket}/penghapusan", data={"token": own(newcomer, city), "yakin": "ya"}).status_code == 403
    owner = enter(city, OWNER)
    done = owner.post(f"{city.url}/berkas/{docket}/penghapusan", data={"token": own(owner, city), "yakin": "ya"})
    assert "sudah dihapus selamanya" in done.text
    # What waits is told at once to whoever has the contact, and stands on their page.
    owner.post(f"{city.url}/berkas/{case}/hapus-data", data={"token": own(owner, city), "yakin": "ya"})
    assert OWNER in city.message("menghapus data Anda", case)
    assert "Menunggu dihapus" in owner.get(city.url + "/saya").text
    owner.post(f"{city.url}/berkas/{case}/batal-hapus", data={"token": own(owner, city)})
    assert "Menunggu dihapus" not in owner.get(city.url + "/saya").text


def test_answers_that_are_gone_through_again_from_an_account_end_with_the_session(city, shared):
    applicant, case, reporter, docket, owner, newcomer = shared
    officer = Staff(city, "rina", "kominfo", "officer")
    desk = f"/meja/permohonan/{case}"
    act = re.search(rf'action="({desk}/langkah/[^"]*(?:kembalikan)[^"]*)"', officer.get(desk).text).group(1)
    officer.post(act, officer.get(desk), **{f"note-{act.rsplit('/', 1)[1]}": "Foto suratnya buram."})
    page = newcomer.get(f"{city.url}/berkas/{case}")
    act = re.search(rf'action="(/berkas/{case}/langkah/[^"]*(?:lengkapi)[^"]*)"', page.text).group(1)
    draft = newcomer.post(city.url + act, data={"token": token(page), "sekali": "y"}).url
    assert "/permohonan/" in draft and newcomer.get(draft).ok
    assert requests.get(draft).status_code == 403, "the address alone opens nothing"
    owner.post(city.url + "/saya/lepas-kontak", data={"token": own(owner, city), "contact": NEW})
    assert newcomer.get(draft).status_code == 403
    page = applicant.get(f"{city.url}/berkas/{case}")
    assert applicant.get(applicant.post(city.url + act, data={"token": token(page), "sekali": "z"}).url).ok


def change(city, statement):
    """Lets time pass in the tables."""
    if city.database:
        subprocess.run([VERSIONS[-1] / "psql", "-c", statement, city.database], check=True, capture_output=True, cwd="/tmp")
        return
    with sqlite3.connect(city.data / "city" / "balai.sqlite", timeout=30) as database:
        database.execute(statement)


def test_cases_go_with_the_account_when_a_contact_is_taken_off_and_a_new_owner_of_the_number_finds_none(city, shared, browser):
    applicant, case, reporter, docket, owner, newcomer = shared
    assert "2 berkas dengan kontak ini ikut akun Anda" in owner.get(city.url + "/saya").text
    owner.post(city.url + "/saya/lepas-kontak", data={"token": own(owner, city), "contact": OWNER})
    change(city, "UPDATE resident_contact_leaving SET until = 1")
    city.kill()
    city.start()
    city.message("Kontak", "dilepas dari akun Anda. Bukan Anda?", seconds=30)
    # The number is somebody else's by now, who has an account of their own.
    stranger = enter(city, OWNER)
    assert case not in stranger.get(city.url + "/saya").text and docket not in stranger.get(city.url + "/saya").text
    assert stranger.get(f"{city.url}/berkas/{case}/data.json").status_code == 403
    assert "Isinya hanya untuk pemohon" in stranger.get(f"{city.url}/berkas/{case}").text
    assert stranger.post(f"{city.url}/berkas/{docket}/penghapusan", data={"token": own(stranger, city), "yakin": "ya"}).status_code == 403
    # Their owner has them by the contact that stayed, and by their own keys; news goes there.
    heir = enter(city, NEW)
    page = heir.get(city.url + "/saya").text
    assert case in page and docket in page
    assert heir.get(f"{city.url}/berkas/{case}/data.json").ok and applicant.get(f"{city.url}/berkas/{case}/data.json").ok
    officer = Staff(city, "rina", "kominfo", "officer")
    officer.post(f"/meja/permohonan/{case}/pesan", officer.get(f"/meja/permohonan/{case}"), message="Kami periksa lagi.", sekali="p")
    assert NEW in city.message(case, "Kominfo")
    city.kill()
    assert "HOLDS" in city.command("audit")
    city.start()
    assert docket in heir.get(city.url + "/saya").text


def test_whoever_is_asked_for_a_code_chooses_where_it_goes_and_loses_nothing_of_what_waits(city, shared, browser):
    applicant, case, reporter, docket, owner, newcomer = shared
    # Both contacts of this account are new in the end, so that both may be asked.
    owner.post(city.url + "/saya/lepas-kontak", data={"token": own(owner, city), "contact": OWNER})
    change(city, "UPDATE resident_contact_leaving SET until = 1")
    city.kill()
    city.start()
    city.message("Kontak", "dilepas dari akun Anda. Bukan Anda?", seconds=30)
    heir, other = enter(city, NEW), "+6281233335555"
    heir.post(city.url + "/saya/kontak", data={"token": own(heir, city), "contact": other})
    heir.post(city.url + "/saya/tambah-kontak", data={"token": own(heir, city), "new-code": adding_code(city, other)})
    change(city, "UPDATE resident_session SET proven_at = 0")
    def asked(context):
        page = context.new_page()
        context.add_cookies([{"name": cookie.name, "value": cookie.value, "url": city.url} for cookie in heir.cookies])
        page.goto(city.url + "/saya")
        open_all(page)
        page.get_by_label("Kontak lain").fill("ketiga@contoh.id")
        page.get_by_role("button", name="Kirim kode").click()
        assert page.get_by_role("heading", level=1).inner_text() == "Pastikan ini Anda"
        code_of(city, NEW)
        return page

    assert faults(asked(browser.new_context(locale="id-ID"))) == []
    page = asked(phone(browser))
    # With the keyboard alone: the summary, the choice, the button.
    page.locator("summary", has_text="Tidak sampai").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert page.get_by_label("••55").is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    assert "••55" in page.get_by_role("status").inner_text() and "ketiga" not in page.get_by_role("status").inner_text()
    page.get_by_role("button", name="English").click()
    assert "••55" in page.locator("main").inner_text() and "Send the code to" in page.content()
    page.get_by_label("Code", exact=True).fill(code_of(city, other))
    page.get_by_role("button", name="Go on").click()
    assert city.message("ketiga@contoh.id"), "what was typed first went on"


def test_an_exchange_that_waits_stands_on_the_own_page_and_is_taken_back_on_that_of_the_case(city, shared):
    applicant, case, reporter, docket, owner, newcomer = shared
    applicant.post(f"{city.url}/berkas/{case}/kontak", data={"token": token(applicant.get(f"{city.url}/berkas/{case}")), "act": "change", "contact": "baru@contoh.id"})
    page = owner.get(city.url + "/saya").text
    assert "Kontak berkas akan diganti" in page and f'<a href="/berkas/{case}">{case}</a>: ke' in page
    page = owner.get(f"{city.url}/berkas/{case}")
    assert "Jangan ganti kontak" in page.text
    # Nobody who came lately stops what the owner asked for.
    assert newcomer.post(f"{city.url}/berkas/{case}/kontak", data={"token": own(newcomer, city), "act": "stop"}).status_code in (403, 429)
    done = owner.post(f"{city.url}/berkas/{case}/kontak", data={"token": token(page), "act": "stop"})
    assert "Kontaknya tetap" in done.text and "Jangan ganti kontak" not in done.text
    assert "Kontak berkas akan diganti" not in owner.get(city.url + "/saya").text

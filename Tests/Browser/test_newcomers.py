"""Somebody who came to an account lately, such as by an hour with its owner's telephone, ends, erases and redirects nothing of theirs."""

import re
import uuid

import pytest
import requests

from applicant import BIRTH, apply, token
from conftest import docket_in
from staff import Staff
from test_residents import adding_code, code_of, prove

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

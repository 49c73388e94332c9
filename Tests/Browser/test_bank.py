"""What a bank tells of, and what the city's own people find in its account."""

import re

from bank import Bank
from conftest import City
from test_services import billed, desk


def test_money_that_was_told_and_is_not_in_the_account_is_booked_out_by_two(engine, request, browser, tmp_path):
    bank = Bank(tmp_path)
    database = request.getfixturevalue("postgres_server").database() if engine == "postgres" else None
    city = City(database, environment={"BALAI_SNAP": bank.setting}).start()

    def settle(page, choice, why):
        box = page.locator("li.whole", has=page.locator("[name=tarikan]"))
        if box.locator("details[open]").count() == 0:
            box.locator("summary").click()
        box.get_by_label(choice).check()
        box.get_by_label("Apa hasilnya").fill(why)
        box.get_by_role("button").click()

    try:
        session, docket, number, _ = billed(city, browser)
        rosa, head = desk(browser, city, "rosa", "pu", "treasurer"), desk(browser, city, "kepala", "pu", "head")
        assert bank.notify(city.url, number, 194400, "R1", status="04").json()["responseCode"] == "2005200"
        rosa.goto(city.url + "/meja/kas")
        settle(rosa, "Bank keliru menariknya.", "Kata bank keliru")
        assert bank.notify(city.url, number, 194400, "R1").json()["responseCode"] == "2005200"
        assert "Lunas" in session.get(f"{city.url}/berkas/{docket}").text
        # It is taken since: one person does not undo what the bank told.
        rosa.goto(city.url + "/meja/kas")
        settle(rosa, "Bank benar menariknya.", "Tidak ada di rekening koran")
        assert "Uang ini sudah tercatat" in rosa.content() and "pilih “Uangnya tidak ada”" in rosa.content()
        rosa.goto(f"{city.url}/meja/kas?kode={number}")
        rosa.locator("summary", has_text="Uangnya tidak ada").click()
        rosa.get_by_role("button", name="Uangnya tidak ada").click()
        why = rosa.get_by_label("Sebab; pemohon membacanya")
        assert why.get_attribute("aria-invalid") == "true" and why.is_visible()
        why.fill("Tidak ada di rekening koran")
        rosa.get_by_role("button", name="Uangnya tidak ada").click()
        assert "kepala instansi yang memutuskan" in rosa.locator("[role=status]").inner_text()
        head.goto(city.url + "/meja/kas")
        box = head.locator("section", has=head.get_by_role("heading", name="Pembayaran yang diragukan"))
        assert "Dikabarkan bank; menurut bendahara uangnya tidak ada di rekening." in box.inner_text()
        assert "Tidak ada di rekening koran" in box.inner_text() and "berkas kembali menunggu pembayaran" in box.inner_text()
        box.get_by_role("button", name="Batalkan catatannya").click()
        assert "Catatan dibatalkan" in head.locator("[role=status]").inner_text()
        page = session.get(f"{city.url}/berkas/{docket}").text
        assert 'Uangnya tidak ada di rekening kota, dibatalkan: <span lang="id">Tidak ada di rekening koran</span>' in page
        assert "Kode bayar:" in page and "tidak ada di rekening kota" in city.message(docket, "tidak ada di rekening kota")
        receipt = re.search(r'href="([^"]+/kuitansi/KW-[^"]+)"', page).group(1)
        assert "Kuitansi ini tidak berlaku lagi." in session.get(city.url + receipt).text
        # What was said stays, and the bank's late word of it is no second undoing.
        assert bank.notify(city.url, number, 194400, "R1", status="04").json()["responseCode"] == "2005200"
        for looker in (rosa, head):
            looker.goto(city.url + "/meja/kas")
            settled = looker.locator("section", has_text="Penarikan bank yang sudah diperiksa").last.inner_text()
            assert "Pembayarannya dibatalkan di buku" in settled and "Kata bank keliru" in settled
            assert looker.get_by_role("heading", name="Ditarik bank, padahal tidak tercatat").count() == 0
        assert re.search(r'harus nol</b></dt><dd class="number"><b>Rp0</b>', head.content())
    finally:
        city.stop()

"""What a bank tells of, and what the city's own people find in its account."""

import re
import time

from bank import Bank
from conftest import City
from test_cash import compare, propose, take
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
        # The statement shows it, too: it went out, and what came in is in another file.
        day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
        statement = tmp_path / "rekening.csv"
        statement.write_text(f"tanggal,kredit,debet,keterangan\n{day},1000,,TITIPAN\n{day},,194400,REVERSAL QRIS {number}\n")
        compare(rosa, city, statement)
        assert "Ada selisih" in rosa.locator("[role=status]").inner_text()
        gone = rosa.locator("section", has=rosa.get_by_role("heading", name="Keluar; uang masuknya tidak ada di berkas ini"))
        assert "Masih tercatat: KW-" in gone.inner_text() and "REVERSAL QRIS" in gone.inner_text()
        gone.get_by_role("link", name="Uangnya tidak ada?").click()
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
            assert "seluruh KW-" in settled and "Pembayarannya dibatalkan di buku\n" in settled
            assert re.search(r"Dinyatakan sebelumnya:\s+ada di rekening, Petugas \d+, .*: Kata bank keliru", settled)
            assert looker.get_by_role("heading", name="Ditarik bank, padahal tidak tercatat").count() == 0
        assert re.search(r'harus nol</b></dt><dd class="number"><b>Rp0</b>', head.content())
    finally:
        city.stop()


def test_money_that_came_back_and_stands_in_the_books_already_is_asked_about(city, browser, tmp_path):
    session, docket, number, _ = billed(city, browser)
    rosa, head = desk(browser, city, "rosa", "pu", "treasurer"), desk(browser, city, "kepala", "pu", "head")
    take(rosa, city, number, "500.000", "Tidak, catat semua Rp500.000")
    head.goto(city.url + "/meja/kas")
    head.locator("summary", has_text="Perintahkan pengembalian").click()
    for label, text in [("Bank", "Bank Contoh"), ("Nomor rekening", "1234567890"), ("Atas nama", "Pemilik Contoh"), ("Bukti bahwa itu rekening pemohon, misalnya buku tabungan", "Buku tabungan")]:
        head.get_by_label(label, exact=True).fill(text)
    head.get_by_role("button", name="Perintahkan").click()
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_label("Nomor SP2D atau transfer").fill("SP2D-77")
    rosa.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
    day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
    statement = tmp_path / "rekening.csv"
    statement.write_text(f"tanggal,kredit,keterangan\n{day},305600,RETUR\n")
    compare(rosa, city, statement)
    propose(rosa, "Disangka pembayaran baru", number)
    head.goto(city.url + "/meja/kas")
    head.get_by_role("button", name=re.compile("^Catat ")).click()
    rosa.goto(city.url + "/meja/kas")
    rosa.locator("summary", has_text="Selesai dalam 90 hari").click()
    rosa.locator("summary", has_text="Kembali dari bank").click()
    rosa.get_by_label("Sebab; pemohon membacanya").fill("Rekening ditutup")
    assert rosa.get_by_label("Sudah diperiksa: ini uang lain").count() == 0, "nobody is asked for nothing"
    rosa.get_by_role("button", name="Kembali dari bank").click()
    tick = rosa.get_by_label("Sudah diperiksa: ini uang lain")
    assert tick.get_attribute("aria-invalid") == "true" and tick.is_visible() and not tick.is_checked()
    assert re.search(r"KW-\S+ sejumlah ini tercatat dari rekening koran", rosa.content())
    assert rosa.get_by_label("Sebab; pemohon membacanya").input_value() == "Rekening ditutup"
    tick.check()
    rosa.get_by_role("button", name="Kembali dari bank").click()
    assert "Tercatat kembali dari bank" in rosa.locator("[role=status]").inner_text()

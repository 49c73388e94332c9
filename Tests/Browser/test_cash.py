"""The treasurer's desk where something is refused: nothing typed is lost, each form speaks for itself, and what worked is said."""

import re
import time

import requests

from applicant import token
from test_bookings import book, free, weekday
from test_services import billed, desk


def take(treasurer, city, number, amount, *buttons):
    treasurer.goto(f"{city.url}/meja/kas?kode={number}")
    treasurer.get_by_label("Uang diterima (rupiah)").fill(amount)
    for button in ("Terima dan cetak kuitansi", *buttons):
        treasurer.get_by_role("button", name=button).click()


def propose(page, why, code=None, row=None):
    """Proposes a row of a statement that was compared."""
    row = row or page.locator("li", has=page.locator("summary", has_text="Usulkan untuk dicatat")).first
    if row.locator("details[open]").count() == 0:
        row.locator("summary", has_text="Usulkan untuk dicatat").click()
    if code is not None:
        row.get_by_label("Kode bayar").fill(code)
    row.get_by_label("Mengapa tetap dicatat").fill(why)
    row.get_by_role("button", name="Usulkan kepada kepala instansi").click()


def compare(treasurer, city, statement):
    """Compares a statement, a file."""
    treasurer.goto(city.url + "/meja/kas/cocokkan")
    treasurer.locator("#statement").set_input_files(statement)
    treasurer.get_by_role("button", name="Cocokkan").click()


def test_cash_that_is_not_taken_yet_keeps_the_bill_and_what_was_typed(city, browser):
    _, _, number, _ = billed(city, browser)
    treasurer = desk(browser, city, "rosa", "pu", "treasurer")
    take(treasurer, city, number, "seratus ribu")
    field = treasurer.get_by_label("Uang diterima (rupiah)")
    assert field.input_value() == "seratus ribu" and field.get_attribute("aria-invalid") == "true"
    assert treasurer.get_by_label("Kode bayar").input_value() == number
    treasurer.locator("#galat a").click()
    assert treasurer.url.split("#")[1] == field.get_attribute("id"), "the summary leads to the field"
    # More than is owed is asked about, and nothing is recorded meanwhile.
    field.fill("500.000")
    treasurer.get_by_role("button", name="Terima dan cetak kuitansi").click()
    assert "Tagihannya Rp194.400. Berikan kembalian Rp305.600 dan catat Rp194.400?" in treasurer.content()
    assert treasurer.get_by_label("Uang diterima (rupiah)").input_value() == "500.000"
    hidden = lambda page: {field.get_attribute("name"): field.get_attribute("value") for field in page.locator("form.primary input[type=hidden]").all()}
    fields = hidden(treasurer)
    treasurer.get_by_role("button", name="Ya, beri kembalian Rp305.600").click()
    assert "seratus sembilan puluh empat ribu empat ratus rupiah" in treasurer.content()
    assert "Kembalian: Rp305.600" in treasurer.locator("[role=status]").inner_text()
    # Sent once more, with whatever sum, nobody hands out change again; and nobody else is answered for it.
    send = lambda page, **more: page.context.request.post(city.url + "/meja/kas", form={**fields, "amount": "900.000", "lebih": "kembalian", **more}).text()
    again = send(treasurer)
    assert "Uang ini sudah tercatat" in again and "Kembalian" not in again
    tiur = desk(browser, city, "tiur", "pu", "treasurer")
    tiur.goto(city.url + "/meja/layanan")
    other = send(tiur, token=tiur.locator("[name=token]").first.get_attribute("value"))
    assert "tidak ada lagi yang harus dibayar" in other and "Uang ini sudah tercatat" not in other


def test_money_to_give_back_is_ordered_by_the_head_paid_by_the_treasury_and_nothing_typed_is_lost(city, browser):
    session, docket, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    take(rosa, city, number, "500.000", "Tidak, catat semua Rp500.000")
    rosa.goto(city.url + "/meja/kas")
    assert "Kepala instansi memerintahkan pengembaliannya" in rosa.content()
    assert rosa.locator("summary", has_text="Perintahkan pengembalian").count() == 0, "who takes money does not order that it goes"
    head = desk(browser, city, "kepala", "pu", "head")
    head.goto(city.url + "/meja/layanan")
    head.context.add_cookies([{"name": "bahasa", "value": "en", "url": city.url}])
    head.get_by_role("link", name="Kas dan pembayaran").click()
    assert head.get_by_role("heading", name="Take cash").count() == 0
    head.locator("summary", has_text="Order that it is given back").click()
    assert head.get_by_label("Ground").input_value().startswith("Kelebihan bayar"), "an order is in Indonesian whoever writes it"
    assert "has given no account" in head.content()
    head.context.add_cookies([{"name": "bahasa", "value": "id", "url": city.url}])
    head.goto(city.url + "/meja/kas")
    head.locator("summary", has_text="Perintahkan pengembalian").click()
    form = head.locator("form", has=head.get_by_role("button", name="Perintahkan", exact=True))
    form.get_by_label("Alasan").fill("Lebih")
    form.get_by_label("Bank", exact=True).fill("Bank Contoh")
    form.get_by_label("Nomor rekening").fill("1234567890")
    form.get_by_label("Atas nama").fill("Pemilik Contoh")
    form.get_by_label("Bukti bahwa itu rekening").fill("Buku tabungan")
    form.get_by_role("button", name="Perintahkan").click()
    assert form.get_by_label("Alasan").is_visible(), "the form stays open"
    assert form.get_by_label("Alasan").input_value() == "Lebih" and form.get_by_label("Nomor rekening").input_value() == "1234567890"
    assert form.locator(".error-text").count() == 1 and head.locator(".error-text").count() == 1, "the fault stands at its own form alone"
    form.get_by_label("Alasan").fill("Dibayar lebih (PP 12/2019 ps. 140)")
    form.get_by_role("button", name="Perintahkan").click()
    assert "Perintah pengembalian tercatat" in head.locator("[role=status]").inner_text()
    assert "Anda yang memerintahkan" in head.content() and head.get_by_role("button", name="Sudah dibayar Kas Daerah").count() == 0
    mail = city.message(docket, "akan dikembalikan")
    assert "Bank Contoh" not in mail, "an account goes to no contact that nobody has proven"
    page = session.get(f"{city.url}/berkas/{docket}").text
    assert "Bank Contoh *7890, atas nama Pemilik Contoh: sudah diperintahkan " in page, "the applicant sees where it goes"
    # A hand-over that is refused stays open, and speaks of no refund.
    rosa.goto(city.url + "/meja/kas")
    rosa.locator("summary", has_text="Setor sebagian").click()
    part = rosa.locator("form", has=rosa.get_by_role("button", name="Setor", exact=True))
    part.get_by_label("Jumlah disetor").fill("900.000")
    part.get_by_label("Nomor surat tanda setor").fill("STS-1")
    part.get_by_role("button", name="Setor", exact=True).click()
    assert part.get_by_label("Jumlah disetor").is_visible() and part.get_by_label("Nomor surat tanda setor").input_value() == "STS-1"
    assert "hanya tercatat Rp500.000" in rosa.content()
    part.get_by_label("Jumlah disetor").fill("1.000")
    part.get_by_role("button", name="Setor", exact=True).click()
    assert "Setoran tercatat" in rosa.locator("[role=status]").inner_text()
    # The whole account is seen on a page of its own, and whoever it belongs to sees that it was.
    assert "Bank Contoh *7890" in rosa.content() and "1234567890" not in rosa.content()
    looks = lambda: int(re.search(r"Siapa yang membuka data Anda \((\d+)\)", session.get(f"{city.url}/berkas/{docket}").text).group(1))
    before = looks()
    rosa.get_by_role("button", name="Lihat rekeningnya").click()
    assert "1234567890" in rosa.content() and looks() == before + 1
    assert "Buku tabungan" in rosa.content(), "the second pair of eyes sees what it rests on"
    rosa.get_by_role("link", name="Kembali ke kas").click()
    rosa.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
    assert rosa.get_by_label("Nomor SP2D atau transfer").get_attribute("aria-invalid") == "true"
    rosa.get_by_label("Nomor SP2D atau transfer").fill("SP2D-77")
    rosa.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
    assert "bukti pengembalian" in rosa.locator("[role=status]").inner_text()
    page = session.get(f"{city.url}/berkas/{docket}").text
    address = re.search(r'href="([^"]+/kuitansi/KB-[^"]+)">Bukti pengembalian</a>', page).group(1)
    receipt = session.get(city.url + address).text
    assert "Bank Contoh *7890" in receipt and "1234567890" not in receipt and re.search(r"SP2D-77, \d+ \w+ 20\d\d<", receipt) and "<dt>Tanggal</dt>" in receipt
    assert re.search(r"<dt>Instansi</dt><dd>[^<]+</dd>", receipt) and re.search(r"<dt>Diperintahkan oleh</dt><dd>Kepala instansi, petugas \d+, ", receipt)
    # What comes back from the bank is owed again.
    rosa.locator("summary", has_text="Selesai dalam 90 hari").click()
    rosa.locator("summary", has_text="Kembali dari bank").click()
    rosa.get_by_label("Tanggal uang kembali").fill("2020-01-01")
    rosa.get_by_label("Sebab; pemohon membacanya").fill("Rekening ditutup")
    rosa.get_by_role("button", name="Kembali dari bank").click()
    assert rosa.get_by_label("Tanggal uang kembali").get_attribute("aria-invalid") == "true", "not before it was paid"
    assert rosa.get_by_label("Sebab; pemohon membacanya").input_value() == "Rekening ditutup"
    rosa.get_by_label("Tanggal uang kembali").fill(time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 3600)))
    rosa.get_by_role("button", name="Kembali dari bank").click()
    assert "Tercatat kembali dari bank" in rosa.locator("[role=status]").inner_text()
    page = session.get(f"{city.url}/berkas/{docket}").text
    assert 'kembali dari bank: <span lang="id">Rekening ditutup</span>' in page and "tanpa itu belum bisa diperintahkan" in page
    assert "belum diterima pemohon" in session.get(city.url + address).text, "the receipt proves nothing any more"
    assert "Rekening ditutup" in rosa.content()
    for page in ("/meja/layanan", "/meja"):
        head.goto(city.url + page)
        assert head.get_by_role("link", name="Kas dan pembayaran (1 menunggu keputusan Anda)").count() == 1, page
    head.goto(city.url + "/meja/kas")
    head.locator("summary", has_text="Perintahkan pengembalian").click()
    form.get_by_label("Alasan").fill("Dibayar lebih (PP 12/2019 ps. 140)")
    form.get_by_label("Bank", exact=True).fill("Bank Lain")
    form.get_by_role("button", name="Perintahkan").click()
    assert form.get_by_label("Nomor rekening").get_attribute("aria-invalid") == "true", "half an account is none"
    form.get_by_label("Nomor rekening").fill("5555555555")
    form.get_by_label("Atas nama").fill("Pemilik Contoh")
    form.get_by_label("Bukti bahwa itu rekening").fill("Buku tabungan lain")
    form.get_by_role("button", name="Perintahkan").click()
    # What was taken back and paid all the same bears no reason any more.
    head.locator("summary", has_text="Tarik perintah").click()
    head.get_by_label("Sebab; pemohon membacanya").fill("Salah hitung")
    head.get_by_role("button", name="Tarik perintah").click()
    assert "Salah hitung" in session.get(f"{city.url}/berkas/{docket}").text
    rosa.goto(city.url + "/meja/kas")
    rosa.locator("summary", has_text="Selesai dalam 90 hari").click()
    rosa.locator("summary", has_text="terlanjur membayarnya").click()
    rosa.get_by_label("Nomor SP2D atau transfer").fill("SP2D-78")
    rosa.get_by_role("button", name="Sudah dibayar Kas Daerah").click()
    page = session.get(f"{city.url}/berkas/{docket}").text
    assert "atas nama Pemilik Contoh: sudah dikembalikan" in page and "Salah hitung" not in page[page.index("Uang Anda yang dikembalikan"):].split("</ul>")[0]


def test_a_payment_is_recorded_from_a_row_of_a_statement_that_was_compared_and_from_nothing_else(city, browser, tmp_path):
    session, docket, number, _ = billed(city, browser)
    rosa, head = desk(browser, city, "rosa", "pu", "treasurer"), desk(browser, city, "kepala", "pu", "head")
    day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
    statement = tmp_path / "rekening.csv"
    statement.write_text(f"tanggal,kredit,keterangan\n{day},1000,QRIS {number}\n{day},1000,QRIS {number}\n{day},700,Setoran tanpa kode\n")
    rosa.goto(city.url + "/meja/kas/cocokkan")
    rosa.get_by_role("button", name="Cocokkan").click()
    assert "Pilih berkasnya" in rosa.locator("#galat").inner_text()
    rosa.locator("#statement").set_input_files(statement)
    rosa.get_by_role("button", name="Cocokkan").click()
    rows = rosa.get_by_role("button", name=f"Usulkan untuk {docket}")
    sent = rosa.locator("form", has=rows.first).locator("[name=token]").input_value()
    forms = [{"token": sent, "usul": row.get_attribute("value")} for row in rows.all()]
    assert len(forms) == 2
    # What was typed for one row is still there when another was proposed.
    rosa.locator("summary", has_text="Usulkan untuk dicatat").click()
    rosa.get_by_label("Mengapa tetap dicatat").fill("Pembayar menunjukkan buktinya")
    rows.nth(1).click()
    assert "Usul tercatat: Rp1.000" in rosa.locator("[role=status]").inner_text()
    assert rows.count() == 1 and rosa.get_by_text("Setoran tanpa kode").count() == 1, "what is left of the comparison is still there"
    assert rosa.get_by_label("Mengapa tetap dicatat").input_value() == "Pembayar menunjukkan buktinya"
    form = rosa.context.request
    assert form.post(city.url + "/meja/kas/catat", form=forms[0]).ok, "the same row twice is money twice"
    invented = form.post(city.url + "/meja/kas/catat", form={**forms[0], "usul": "x", "kode": number, "amount": "1000"})
    assert invented.status == 409 and "tidak ada di rekening koran" in invented.text()
    assert "Transfer bank" not in session.get(f"{city.url}/berkas/{docket}").text, "one person is not two"
    head.goto(city.url + "/meja/kas")
    head.get_by_role("button", name="Catat 2 usul tanpa keberatan, Rp2.000").click()
    assert "Tercatat" in head.locator("[role=status]").inner_text()
    again = form.post(city.url + "/meja/kas/catat", form=forms[1])
    assert again.status == 409 and "Baris ini sudah tercatat: KW-" in again.text()
    assert session.get(f"{city.url}/berkas/{docket}").text.count("Bank transfer") + session.get(f"{city.url}/berkas/{docket}").text.count("Transfer bank") == 2
    # Each row keeps its heading, whichever was pressed.
    statement.write_text(f"tanggal,kredit,keterangan\n{day},1000,TRSF {number}\n{day},5000,QRIS {number}\n{day},700,Setoran tanpa kode\n")
    rosa.goto(city.url + "/meja/kas/cocokkan")
    rosa.locator("#statement").set_input_files(statement)
    rosa.get_by_role("button", name="Cocokkan").click()
    matched, missing = (rosa.get_by_role("region", name=name) for name in ("Cocok menurut tagihan dan jumlah saja: periksa", "Masuk ke bank, belum tercatat"))
    assert "TRSF" in matched.inner_text() and "QRIS" in missing.inner_text()
    missing.get_by_role("button", name=f"Usulkan untuk {docket}").click()
    assert "Rp5.000" in rosa.locator("[role=status]").inner_text()
    assert "TRSF" in matched.inner_text() and "QRIS" not in missing.inner_text() and "Setoran tanpa kode" in missing.inner_text()
    rosa.get_by_role("link", name="Cocokkan lagi").click()
    assert rosa.locator("#statement").count() == 1


def test_a_receipt_is_printed_again_at_the_counter_whose_money_it_is(city, browser):
    _, docket, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    take(rosa, city, number, "100.000")
    receipt = rosa.locator("h1").inner_text().removeprefix("Kuitansi ")
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_role("link", name=receipt, exact=True).click()
    assert "seratus ribu rupiah" in rosa.locator("main").inner_text() and docket in rosa.locator("main").inner_text()
    assert rosa.get_by_role("link", name="Buka berkas").get_attribute("href") == f"/meja/permohonan/{docket}", "not the applicant's page"
    rosa.emulate_media(media="print")
    rosa.goto(f"{city.url}/meja/kas/kuitansi/{receipt}")
    assert "Pemerintah Kota Contoh" in rosa.locator("main").inner_text(), "on paper it says whose it is"
    rosa.emulate_media(media="screen")
    for login, agency, role in [("kepala", "pu", "head"), ("audit", "kominfo", "auditor")]:
        looker = desk(browser, city, login, agency, role)
        looker.goto(city.url + "/meja/kas")
        looker.get_by_role("link", name=receipt, exact=True).click()
        assert "seratus ribu rupiah" in looker.locator("main").inner_text(), "whoever answers for the money looks at what is in the books"
    other = desk(browser, city, "kas-lain", "kebersihan", "treasurer")
    assert other.goto(f"{city.url}/meja/kas/kuitansi/{receipt}").status == 404
    # Any day, and any span of days as a file.
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_label("Hari lain").fill("2026-01-15")
    rosa.get_by_role("button", name="Lihat").click()
    assert "15 Januari 2026" in rosa.locator("main header").inner_text()
    rosa.goto(city.url + "/meja/kas")
    with rosa.expect_download() as download:
        rosa.get_by_role("button", name="Unduh CSV").click()
    assert receipt in download.value.path().read_text()


def test_an_account_that_is_refused_keeps_what_was_typed_and_one_that_is_kept_says_so(city, browser):
    session, docket, number, _ = billed(city, browser)
    take(desk(browser, city, "rosa", "pu", "treasurer"), city, number, "500.000", "Tidak, catat semua Rp500.000")

    def give(account, **more):
        page = session.get(f"{city.url}/berkas/{docket}")
        data = {"token": token(page), "kode": number, "bank": "Bank Contoh", "rekening": account, "atasnama": "Pemilik", **more}
        return session.post(f"{city.url}/berkas/{docket}/rekening", data=data)

    refused = give("abc")
    assert refused.status_code == 422 and 'value="abc"' in refused.text and "<details open" in refused.text
    assert "Rekening tersimpan." in give("1234567890").text
    # One that proved wrong is not taken again in silence, and the head is told the truth of it.
    head = desk(browser, city, "kepala", "pu", "head")
    form = head.locator("form", has=head.get_by_role("button", name="Perintahkan", exact=True))

    def order_form():
        head.goto(city.url + "/meja/kas")
        head.locator("summary", has_text="Perintahkan pengembalian").click()
        return form.inner_text()

    order_form()
    form.get_by_role("button", name="Perintahkan").click()
    head.locator("summary", has_text="Tarik perintah").click()
    head.get_by_label("Sebab; pemohon membacanya").fill("Nama tidak cocok")
    head.get_by_label("Rekeningnya salah").check()
    head.get_by_role("button", name="Tarik perintah").click()
    assert "Rekening yang lama ternyata salah" in order_form() and "belum memberi rekening" not in head.content()
    asked = give("1234-567-890")
    assert asked.status_code == 409 and "Rekening ini sebelumnya ternyata salah" in asked.text and "sudah saya periksa" in asked.text
    assert "Rekening tersimpan." in give("1234-567-890", benar="ya").text
    assert "menulisnya lagi dan menyatakannya benar" in order_form()


def test_a_shortage_is_seen_by_colleagues_and_days_follow_each_other(city, browser):
    _, _, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    rosa.goto(city.url + "/meja/kas")
    assert rosa.get_by_role("button", name="Tutup dan setor").count() == 0, "an empty till is not closed"
    take(rosa, city, number, "100.000")
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_role("link", name="Hari sebelumnya").click()
    assert rosa.get_by_role("button", name="Tutup dan setor").count() == 0
    rosa.get_by_role("link", name="Hari berikutnya").click()
    day = rosa.locator("main header p").inner_text()
    assert rosa.get_by_role("heading", name=f"Tutup kas {day}").count() == 1, "the heading says which day"
    rosa.evaluate("document.querySelector('[name=day]').value = '0001-01-01'")
    rosa.get_by_label("Uang yang dihitung").fill("99.000")
    rosa.get_by_role("button", name="Tutup dan setor").click()
    assert "tidak ada yang ditutup" in rosa.locator("#galat").inner_text()
    rosa.goto(city.url + "/meja/kas")
    assert "Setelah ini Anda tidak menerima uang tunai lagi hari ini." in rosa.content()
    rosa.get_by_label("Uang yang dihitung").fill("99.000")
    rosa.get_by_label("Sebab selisih").fill("Kembalian kurang")
    rosa.get_by_role("button", name="Tutup dan setor").click()
    closing = rosa.locator("form", has=rosa.get_by_role("button", name="Tutup dan setor"))
    assert closing.get_by_label("Nomor surat tanda setor").get_attribute("aria-invalid") == "true", "no deposit without its slip"
    assert closing.get_by_label("Uang yang dihitung").input_value() == "99.000"
    closing.get_by_label("Nomor surat tanda setor").fill("STS-9")
    rosa.get_by_role("button", name="Tutup dan setor").click()
    assert "Kas ditutup" in rosa.locator("[role=status]").inner_text()
    assert "Setelah ini Anda tidak menerima uang tunai lagi" not in rosa.content()
    for login, agency, roles in [("tiur", "pu", "treasurer"), ("audit", "kominfo", "auditor")]:
        colleague = desk(browser, city, login, agency, roles)
        colleague.goto(city.url + "/meja/kas")
        if roles == "auditor":
            colleague.goto(city.url + "/meja/layanan")
            colleague.get_by_role("link", name="Kas dan pembayaran").click()
            closed = colleague.locator("section", has_text="Selisih kas dalam 90 hari").last.inner_text()
            assert ", Dinas PU: −Rp1.000, Kembalian kurang" in closed, "whoever sees all reads which agency it is"
        row = colleague.locator("table", has_text="Kas yang ditutup, dengan selisihnya").locator("tbody tr").inner_text()
        assert "Petugas" in row and "rosa" in row.lower() and "99.000" in row and "1.000" in row and "Kembalian kurang" in row and "STS-9" in row


def test_nobody_leaves_with_cash_unseen(city, browser):
    _, _, number, _ = billed(city, browser)
    rosa = desk(browser, city, "rosa", "pu", "treasurer")
    take(rosa, city, number, "194.400")
    rosa.goto(city.url + "/meja/kas")
    officer = re.search(r"Petugas (\d+)", rosa.content()).group(1)
    refused = city.command("staff", "disable", "--number", officer, check=False)
    assert refused.returncode != 0 and "Rp194,400" in refused.stderr and "--with-cash-left" in refused.stderr
    assert "Rosa, can no longer sign in" in city.command("staff", "disable", "--number", officer, "--with-cash-left", "Meninggal dunia")
    desk(browser, city, "tanpa-kas", "pu", "officer")
    other = str(int(officer) + 1)
    refused = city.command("staff", "disable", "--number", other, "--with-cash-left", "Meninggal dunia", check=False)
    assert refused.returncode != 0 and "No cash lies in the till" in refused.stderr
    head = desk(browser, city, "kepala", "pu", "head")
    head.goto(city.url + "/meja/kas")
    assert "Meninggal dunia" in head.content() and head.get_by_role("button", name="Tutup dan setor").count() == 0
    tiur = desk(browser, city, "tiur", "pu", "treasurer")
    tiur.goto(city.url + "/meja/kas")
    tiur.get_by_label("Uang yang dihitung").fill("194.400")
    tiur.get_by_role("button", name="Tutup dan setor").click()
    assert tiur.get_by_label("Nomor surat tanda setor").get_attribute("aria-invalid") == "true"
    assert tiur.get_by_label("Uang yang dihitung").input_value() == "194.400"
    assert tiur.get_by_label("Saksi").get_attribute("aria-invalid") == "true", "what somebody else held is counted before a witness"
    tiur.get_by_label("Nomor surat tanda setor").fill("STS-4")
    tiur.get_by_label("Uang yang dihitung").fill("94.400")
    tiur.get_by_label("Sebab selisih").fill("Kurang di laci")
    names = tiur.get_by_label("Saksi").inner_text()
    assert "kepala" in names.lower() and "tiur" not in names.lower() and "rosa" not in names.lower()
    witness = re.search(r"Petugas (\d+) \S*[Kk]epala", names).group(1)
    tiur.get_by_label("Saksi").select_option(witness)
    tiur.get_by_role("button", name="Tutup dan setor").click()
    assert "Kas ditutup" in tiur.locator("[role=status]").inner_text() and tiur.get_by_label("Saksi").count() == 0
    for looker in (tiur, head):
        looker.goto(city.url + "/meja/kas")
        for place in (looker.locator("section", has_text="Selisih kas dalam 90 hari").last, looker.locator("table", has_text="Kas yang ditutup, dengan selisihnya")):
            text = place.inner_text()
            assert f"Petugas {officer}" in text and f"saksi Petugas {witness}" in text and "dihitung Petugas" in text and "Meninggal dunia" in text


def test_a_recording_that_was_a_mistake_is_taken_back_by_two_and_its_row_goes_elsewhere(city, browser, tmp_path):
    session, docket, number, _ = billed(city, browser)
    rosa, head = desk(browser, city, "rosa", "pu", "treasurer"), desk(browser, city, "kepala", "pu", "head")
    day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
    statement = tmp_path / "rekening.csv"
    statement.write_text(f"tanggal,kredit,keterangan\n{day},194400,TRF {number}\n")

    compare(rosa, city, statement)
    record = rosa.get_by_role("button", name=f"Usulkan untuk {docket}")
    old = {"token": rosa.locator("form", has=record).locator("[name=token]").input_value(), "usul": record.get_attribute("value")}
    record.click()
    head.goto(city.url + "/meja/kas")
    head.locator("section", has=head.get_by_role("heading", name="Usul pencatatan dari rekening koran")).get_by_role("button", name="Catat").click()
    assert "Lunas" in session.get(f"{city.url}/berkas/{docket}").text
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_role("link", name="Salah catat?").click()
    rosa.locator("summary", has_text="Catatan ini keliru").click()
    rosa.get_by_role("button", name="Catatan ini keliru").click()
    why = rosa.get_by_label("Sebab; pemohon membacanya")
    assert why.get_attribute("aria-invalid") == "true" and why.is_visible(), "the form stays open at its bill"
    why.fill("Pembayar menulis kode orang lain")
    rosa.get_by_role("button", name="Catatan ini keliru").click()
    assert "kepala instansi yang memutuskan" in rosa.locator("[role=status]").inner_text()
    assert rosa.get_by_role("button", name="Batalkan catatannya").count() == 0 and "Pembayar menulis kode orang lain" in rosa.content()
    head.goto(city.url + "/meja/layanan")
    head.get_by_role("link", name="Kas dan pembayaran (1 menunggu keputusan Anda)").click()
    assert "berkas kembali menunggu pembayaran" in head.content()
    # Let stand first: that it was looked at stays readable for everybody who sees the money.
    head.locator("summary", has_text="Biarkan tercatat").click()
    head.locator("form", has=head.get_by_role("button", name="Biarkan tercatat")).locator("[name=sebab]").fill("Kodenya memang kode pembayar")
    head.get_by_role("button", name="Biarkan tercatat").click()
    auditor = desk(browser, city, "audit", "kominfo", "auditor")
    for looker in (rosa, head, auditor):
        looker.goto(city.url + "/meja/kas")
        box = looker.locator("section", has=looker.get_by_role("heading", name="Diperiksa dan dibiarkan"))
        assert "Kodenya memang kode pembayar" in box.inner_text() and "Pembayar menulis kode orang lain" in box.inner_text()
        assert "diperiksa, dibiarkan" in looker.locator("table").first.inner_text()
        box.get_by_role("link").click()
        assert "Kodenya memang kode pembayar" in looker.locator("main").inner_text(), "beside the receipt, too"
    rosa.goto(city.url + "/meja/kas")
    rosa.get_by_role("link", name="Salah catat?").click()
    assert "Kodenya memang kode pembayar" in rosa.locator("section", has_text="Pembayaran lewat bank").inner_text()
    rosa.locator("summary", has_text="Catatan ini keliru").click()
    why.fill("Pembayar menulis kode orang lain")
    rosa.get_by_role("button", name="Catatan ini keliru").click()
    head.goto(city.url + "/meja/kas")
    head.get_by_role("button", name="Batalkan catatannya").click()
    assert "Catatan dibatalkan" in head.locator("[role=status]").inner_text()
    page = session.get(f"{city.url}/berkas/{docket}").text
    assert 'Keliru dicatat, dibatalkan: <span lang="id">Pembayar menulis kode orang lain</span>' in page and "Kode bayar:" in page
    assert "keliru dicatat" in city.message(docket, "keliru dicatat")
    rosa.goto(city.url + "/meja/kas")
    assert rosa.get_by_role("link", name="Salah catat?").count() == 0, "nothing is left to doubt"
    receipt = re.search(r'href="([^"]+/kuitansi/KW-[^"]+)"', page).group(1)
    assert "Kuitansi ini tidak berlaku lagi." in session.get(city.url + receipt).text
    # The row is free, for the bill that was meant.
    booked = book(city, free(city, "lapangan_a", weekday(6))[0]).json()
    other = booked["docket"]
    code = re.search(r'class="code">(\d{12})<', requests.get(f"{city.url}/berkas/{other}?kunci={booked['key']}").text).group(1)
    compare(rosa, city, statement)
    assert f"Pernah dicatat untuk {docket}" in rosa.content()
    # What speaks against it asks for a reason; what another office reads names nobody.
    assert rosa.get_by_role("button", name="Usulkan untuk").count() == 0
    stale = rosa.context.request.post(city.url + "/meja/kas/catat", form=old)
    assert stale.status == 409 and "dibatalkan setelah rekening koran dicocokkan" in stale.text()
    silent = {"token": rosa.locator("form[action='/meja/kas/catat'] [name=token]").input_value(), "usul": rosa.locator("[name=usul]").get_attribute("value")}
    assert rosa.context.request.post(city.url + "/meja/kas/catat", form=silent).status == 422
    assert "Kode bayar:" in session.get(f"{city.url}/berkas/{docket}").text, "it is still to be paid"
    lain = desk(browser, city, "lain", "kebersihan", "treasurer")
    compare(lain, city, statement)
    assert "Pernah dicatat kantor lain" in lain.content() and docket not in lain.content() and "KW-" not in lain.content()
    compare(rosa, city, statement)
    propose(rosa, "Uang penyewa lapangan", "123")
    assert "Tidak ada tagihan kantor Anda dengan kode ini" in rosa.locator("#galat").inner_text()
    assert rosa.get_by_label("Mengapa tetap dicatat").input_value() == "Uang penyewa lapangan"
    propose(rosa, "", code)
    why = rosa.get_by_label("Mengapa tetap dicatat")
    assert why.get_attribute("aria-invalid") == "true" and why.is_visible()
    propose(rosa, "Uang penyewa lapangan", code)
    assert "Kepala instansi yang memutuskan" in rosa.locator("[role=status]").inner_text()
    head.goto(city.url + "/meja/kas")
    box = head.locator("section", has=head.get_by_role("heading", name="Usul pencatatan dari rekening koran"))
    assert other in box.inner_text() and f"Pernah dicatat untuk {docket}" in box.inner_text() and "Uang penyewa lapangan" in box.inner_text()
    box.get_by_role("button", name="Catat").click()
    assert "Tercatat" in head.locator("[role=status]").inner_text()
    compare(rosa, city, statement)
    assert "Cocok: semua uang masuk ada di buku." in rosa.content()


def test_what_speaks_against_a_row_is_proposed_by_the_treasurer_and_decided_by_the_head(city, browser, tmp_path):
    session, docket, number, _ = billed(city, browser)
    rosa, head = desk(browser, city, "rosa", "pu", "treasurer"), desk(browser, city, "kepala", "pu", "head")
    day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
    statement = tmp_path / "rekening.csv"
    statement.write_text(
        f"tanggal,keterangan,debit,kredit\n{day},SALDO AWAL,,900000\n{day},QRIS REFSATU1 {number},,7000\n{day},REVERSAL QRIS REFSATU1 {number},7000,\n"
        f"{day},TELLER {number},,194400\n{day},KOREKSI TELLER 7 {number},194400,\n{day},TRF BUDI,,2500\n{day},TRF {number},,1500\n"
    )
    rosa.goto(city.url + "/meja/kas/cocokkan")
    rosa.locator("#statement").set_input_files(statement)
    rosa.get_by_role("button", name="Cocokkan").click()
    listed, missing = (rosa.locator(f"section[aria-labelledby={part}]") for part in ("r4", "r1"))
    assert "Rp7.000" in listed.inner_text() and "Keluar lagi, baris 4" in listed.inner_text() and "900.000" not in rosa.content()
    assert "sebesar itu keluar lagi" in missing.inner_text() and "Tidak menyebut tagihan kantor Anda" in missing.inner_text()
    assert rosa.get_by_role("button", name="Usulkan untuk").count() == 1, "what nothing speaks against is proposed with one press"
    rosa.get_by_role("button", name=f"Usulkan untuk {docket}").click()
    assert "Rp1.500" in rosa.locator("[role=status]").inner_text()
    # The rows that are left are still there, each where it stood; also those that were taken back.
    assert "Keluar lagi, baris 4" in listed.inner_text() and "TRF BUDI" in missing.inner_text()
    propose(rosa, "Teller: dibayar dua kali, satu ditarik", row=missing.locator("li", has_text="TELLER"))
    assert "Usul tercatat: Rp194.400" in rosa.locator("[role=status]").inner_text() and "TELLER" not in missing.inner_text()
    propose(rosa, "Menurut bank Budi yang membayar", number, row=missing.locator("li", has_text="TRF BUDI"))
    propose(rosa, "Penarikannya dibatalkan bank", row=listed.locator("li"))
    assert "Lunas" not in session.get(f"{city.url}/berkas/{docket}").text
    rosa.goto(city.url + "/meja/kas/cocokkan")
    rosa.locator("#statement").set_input_files(statement)
    rosa.get_by_role("button", name="Cocokkan").click()
    assert rosa.get_by_text("Sudah diusulkan; menunggu kepala instansi.").count() == 4 and rosa.get_by_role("button", name="Usulkan").count() == 0
    for page in ("/meja/layanan", "/meja"):
        head.goto(city.url + page)
        assert head.get_by_role("link", name="Kas dan pembayaran (4 menunggu keputusan Anda)").count() == 1, page
    auditor = desk(browser, city, "audit", "kominfo", "auditor")
    for looker in (rosa, auditor):
        looker.goto(city.url + "/meja/kas")
        box = looker.locator("section", has=looker.get_by_role("heading", name="Usul pencatatan dari rekening koran"))
        assert "Menurut bank Budi yang membayar" in box.inner_text()
        own = 4 if looker is rosa else 0
        assert box.get_by_role("button", name="Tarik usul").count() == own and box.get_by_role("button").count() == own, "nobody decides on their own"
    head.context.add_cookies([{"name": "bahasa", "value": "en", "url": city.url}])
    head.goto(city.url + "/meja/kas")
    box = head.locator("section", has=head.get_by_role("heading", name="Proposed recordings from a statement"))
    entry = lambda text: box.locator("li", has_text=text)
    entry(f"TRF {number}").get_by_role("button", name="Record it").click()
    assert "as much went out again" in entry("TELLER").inner_text() and "The row does not name this bill." in entry("TRF BUDI").inner_text()
    assert "came in and was taken back" in entry("REFSATU1").inner_text() and "Rp1,500" in entry("REFSATU1").inner_text(), "what the bill has"
    entry("TRF BUDI").locator("summary").click()
    entry("TRF BUDI").get_by_role("button", name="Decline it").click()
    why = entry("TRF BUDI").get_by_label("Why; the treasurer reads it")
    assert why.get_attribute("aria-invalid") == "true" and why.is_visible()
    why.fill("Budi membayar sewa, bukan ini")
    entry("TRF BUDI").get_by_role("button", name="Decline it").click()
    assert "declined" in head.locator("[role=status]").inner_text()
    entry("TELLER").get_by_role("button", name="Record it").click()
    assert "It is recorded" in head.locator("[role=status]").inner_text()
    assert "Nothing is owed" in entry("REFSATU1").inner_text() and "Rp194,400" in entry("REFSATU1").inner_text()
    entry("REFSATU1").get_by_role("button", name="Record it").click()
    assert box.count() == 0 and "Lunas" in session.get(f"{city.url}/berkas/{docket}").text
    rosa.goto(city.url + "/meja/kas")
    declined = rosa.locator("section", has=rosa.get_by_role("heading", name="Usul pencatatan yang ditolak"))
    assert "Budi membayar sewa, bukan ini" in declined.inner_text()

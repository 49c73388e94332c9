"""Whoever can write into the database, the ledger or the keys: every edit is seen, named, and nothing is signed over it."""

import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import time
import uuid

import pytest
import requests

from conftest import BINARY, City, report
from staff import Staff


class Store:
    """The database of a stopped city, by hand."""

    def __init__(self, city):
        self.city = city

    def run(self, script):
        if not self.city.database:
            with sqlite3.connect(self.city.data / "city" / "balai.sqlite") as database:
                database.executescript(script)
            return
        subprocess.run(["psql", "-q", "-v", "ON_ERROR_STOP=1", self.city.database, "-c", script], check=True, capture_output=True, text=True)

    def rows(self, query):
        if not self.city.database:
            with sqlite3.connect(self.city.data / "city" / "balai.sqlite") as database:
                return [tuple(str(value) if value is not None else "" for value in row) for row in database.execute(query)]
        answer = subprocess.run(["psql", "-At", "-F", "\x1f", self.city.database, "-c", query], check=True, capture_output=True, text=True)
        return [tuple(line.split("\x1f")) for line in answer.stdout.splitlines()]

    @property
    def bytes(self):
        """Sixteen bytes that nothing of the city's is."""
        return "decode(repeat('7', 32), 'hex')" if self.city.database else "x'" + "7" * 32 + "'"

    def tables(self):
        """Every table of the city's, as the database's own catalogue names them; behind its full-text indexes SQLite keeps others."""
        if self.city.database:
            return [name for (name,) in self.rows("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1")]
        return [name for (name,) in self.rows("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1")]

    def columns(self, table):
        """Names of columns that can be written, and something of their type that nobody has put there."""
        if self.city.database:
            query = f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}' AND table_schema = 'public' AND is_generated = 'NEVER' ORDER BY ordinal_position"
        else:
            query = f"SELECT name, lower(type) FROM pragma_table_xinfo('{table}') WHERE hidden = 0 ORDER BY cid"
        foreign = {"text": "'asing'", "blob": self.bytes, "bytea": self.bytes, "real": "0.123", "double precision": "0.123"}
        return [(name, foreign.get(kind, "987654321")) for name, kind in self.rows(query)]

    def keep(self):
        """Gives a way back to how the database is now."""
        if self.city.database:
            base, query = self.city.database.rsplit("?", 1)
            front, name = base.rsplit("/", 1)
            host = query.removeprefix("host=")

            def copy(source, target):
                subprocess.run(["createdb", "-h", host, "-U", "balai", "-T", source, target], check=True, capture_output=True)

            kept = f"k{uuid.uuid4().hex}"
            copy(name, kept)

            def back():
                again = f"t{uuid.uuid4().hex}"
                copy(kept, again)
                self.city.database = f"{front}/{again}?{query}"

            return back
        folder = pathlib.Path(tempfile.mkdtemp())
        place = self.city.data / "city"
        for file in place.glob("balai.sqlite*"):
            shutil.copy(file, folder)

        def back():
            for file in place.glob("balai.sqlite*"):
                file.unlink()
            for file in folder.iterdir():
                shutil.copy(file, place)

        return back

    def replaced(self, column, old, new):
        """A part of a leaf, replaced; both engines keep leaves as bytes."""
        if self.city.database:
            return f"convert_to(replace(convert_from({column}, 'UTF8'), '{old}', '{new}'), 'UTF8')"
        return f"CAST(replace(CAST({column} AS TEXT), '{old}', '{new}') AS BLOB)"


@pytest.fixture
def closed(engine, request):
    """A city with a few entries of several kinds, all signed, and closed."""
    city = City(request.getfixturevalue("postgres_server").database() if engine == "postgres" else None)
    city.start()
    for number in range(6):
        data = report(f"Lubang di depan halte nomor {number}, mohon ditambal.", first_name=f"Siti {number}")
        assert requests.post(city.url + "/open311/v2/requests.json", data=data).status_code == 200
    requests.get(city.url + "/ledger/checkpoint")
    city.stop()
    assert "HOLDS" in city.command("audit"), "before anything is edited, everything holds"
    yield city
    city.stop()


def sees(city, *words):
    done = city.command("audit", check=False)
    assert done.returncode == 2 and "DOES NOT HOLD" in done.stdout, done.stdout + done.stderr
    for word in words:
        assert word in done.stdout, done.stdout


def alarmed(city):
    """Waits until the open city has noticed; everybody can see it then."""
    until = time.monotonic() + 90
    while "balai_record_contradictions 0" in requests.get(city.url + "/metrics").text:
        assert time.monotonic() < until, "the city has not noticed"
        time.sleep(0.1)
    assert 'role="alert"' in requests.get(city.url + "/buku-besar").text
    assert "the record does not hold" in (city.data / "log").read_text()


def swap(column):
    """Exchanges a column of two entries that both have it."""
    return f"""
        CREATE TABLE swap AS SELECT a.seq AS one, a.{column} AS first, b.seq AS two, b.{column} AS second FROM entry a, entry b
        WHERE a.{column} IS NOT NULL AND b.{column} IS NOT NULL AND a.{column} <> b.{column} AND a.seq < b.seq ORDER BY a.seq DESC, b.seq LIMIT 1;
        UPDATE entry SET {column} = (SELECT second FROM swap) WHERE seq = (SELECT one FROM swap);
        UPDATE entry SET {column} = (SELECT first FROM swap) WHERE seq = (SELECT two FROM swap);
        DROP TABLE swap;
    """


EDITS = {
    "a fact in a leaf": lambda store: f"UPDATE entry SET leaf = {store.replaced('leaf', 'lubang', 'pohon')} WHERE kind = 'complaint.filed'",
    "who did it": lambda store: "UPDATE entry SET inner_part = '{\"account\":\"x\"}' WHERE seq = (SELECT MIN(seq) FROM entry WHERE kind = 'complaint.filed')",
    "an entry from the middle": lambda store: "DELETE FROM entry WHERE seq = 3",
    "an entry from the middle, closed up": lambda store: "DELETE FROM entry WHERE seq = 3; UPDATE entry SET seq = -seq WHERE seq > 3; UPDATE entry SET seq = -seq - 1 WHERE seq < 0; UPDATE journal_head SET size = size - 1",
    "two entries exchanged": lambda store: "UPDATE entry SET seq = -1 WHERE seq = 2; UPDATE entry SET seq = 2 WHERE seq = 3; UPDATE entry SET seq = 3 WHERE seq = -1",
    "the tail cut off": lambda store: "DELETE FROM entry WHERE seq >= (SELECT size - 3 FROM journal_head); UPDATE journal_head SET size = size - 3",
    "the head alone": lambda store: "UPDATE journal_head SET size = size - 1",
    "an entry put in": lambda store: "UPDATE entry SET seq = -seq WHERE seq > 3; UPDATE entry SET seq = 1 - seq WHERE seq < 0; INSERT INTO entry SELECT 4, id, stream, version + 1000, kind, at, leaf, inner_part, inner_salt, person, sealed FROM entry WHERE seq = 3; UPDATE journal_head SET size = size + 1",
    "a column against its leaf: kind": lambda store: "UPDATE entry SET kind = 'complaint.closed' WHERE seq = 3",
    "a column against its leaf: at": lambda store: "UPDATE entry SET at = at + 1 WHERE seq = 3",
    "a column against its leaf: id": lambda store: "UPDATE entry SET id = 'x' WHERE seq = 3",
    "a stream with a gap": lambda store: "UPDATE entry SET version = version + 1 WHERE seq = (SELECT size - 1 FROM journal_head)",
    "sealed bytes exchanged": lambda store: swap("sealed"),
    "whose data it is": lambda store: swap("person"),
    "a person's key taken away unrecorded": lambda store: "UPDATE person_key SET wrapped = NULL, master = NULL WHERE person = (SELECT MAX(person) FROM entry WHERE sealed IS NOT NULL)",
    "two people's keys exchanged": lambda store: "CREATE TABLE swap AS SELECT MIN(person) AS one, MAX(person) AS two FROM entry WHERE sealed IS NOT NULL; UPDATE person_key SET person = 'x' WHERE person = (SELECT one FROM swap); UPDATE person_key SET person = (SELECT one FROM swap) WHERE person = (SELECT two FROM swap); UPDATE person_key SET person = (SELECT two FROM swap) WHERE person = 'x'; DROP TABLE swap",
    "a salt": lambda store: f"UPDATE entry SET inner_salt = {store.bytes} WHERE seq = (SELECT MAX(seq) FROM entry WHERE inner_salt IS NOT NULL)",
    "salts exchanged": lambda store: swap("inner_salt"),
    "sealed bytes taken away": lambda store: "UPDATE entry SET sealed = NULL WHERE sealed IS NOT NULL",
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_journal_is_seen(closed, edit):
    store = Store(closed)

    def content():
        return [store.rows(f"SELECT * FROM {table} ORDER BY 1") for table in ("entry", "journal_head", "person_key")]

    before = content()
    store.run(EDITS[edit](store))
    assert content() != before, "the edit edits something"
    sees(closed)


def test_an_open_city_says_so_goes_on_serving_and_signs_nothing_more(closed):
    Store(closed).run(EDITS["the tail cut off"](None))
    signed = (closed.data / "city" / "ledger" / "checkpoint").read_text()
    closed.start()
    alarmed(closed)
    for number in range(5):
        answer = requests.post(closed.url + "/open311/v2/requests.json", data=report(f"Laporan sesudahnya nomor {number}, di depan halte."))
        assert answer.status_code == 200, "it goes on serving"
    assert requests.get(closed.url + "/ledger/checkpoint").text == signed, "nothing is signed over it"


def test_what_was_found_outlives_a_restart_and_auditors_read_it(closed):
    store = Store(closed)
    leaf = store.rows("SELECT seq FROM entry WHERE kind = 'complaint.filed' ORDER BY seq LIMIT 1")[0][0]
    store.run(f"UPDATE entry SET at = at + 1 WHERE seq = {leaf}")
    sees(closed, f"entry {leaf}:")
    # What was edited is set right, by whoever edited it: only a whole audit ends the alarm, no restart.
    store.run(f"UPDATE entry SET at = at - 1 WHERE seq = {leaf}")
    signed = (closed.data / "city" / "ledger" / "checkpoint").read_text()
    closed.start()
    auditor = Staff(closed, "butet", "setda", "auditor")
    page = auditor.get("/meja/audit").text
    assert 'role="alert"' in page and f"Catatan nomor {leaf}" in page and "complaint.filed" in page and "LPR-" in page
    assert f"Entry number {leaf}" in auditor.session.get(closed.url + "/meja/audit", headers={"Accept-Language": "en"}).text
    assert 'role="alert"' in requests.get(closed.url + "/buku-besar").text
    assert requests.get(closed.url + "/ledger/checkpoint").text == signed
    assert "HOLDS" in closed.command("audit"), "also beside an open city"
    page = auditor.get("/meja/audit").text
    assert 'role="alert"' not in page and "Semuanya cocok" in page and "Pernah ditemukan" in page and f"Catatan nomor {leaf}" in page
    assert 'role="alert"' not in requests.get(closed.url + "/buku-besar").text
    assert requests.get(closed.url + "/ledger/checkpoint").text != signed, "and signing goes on"


ITSELF = "the journal itself: every kind of edit stands above"
SIGN_IN = "who is signed in, or may sign in now: it passes, and no act is proven by it afterwards"
UNSENT = "sealed, not sent yet: what somebody types becomes the city's with its entry"
MESSAGES = "what is still to be told; what it tells stands in entries"
# Tables that no replay gives, and why an edit of them needs no other answer. A table that is neither here nor named by the audit fails.
NOT_WORKED_OUT = {
    "entry": ITSELF, "journal_head": ITSELF, "person_key": ITSELF,
    "ledger_signed": "held against the log: see below",
    "keyring": "an edit closes the city: see below", "half_moved": "a row closes the city: see below",
    "migration": "how far the schema is", "duty_check": "when time was looked at last: duties look again", "idempotency": "what was taken twice; 90 days old at most",
    "stale_tables": "a row has the tables worked out again when the city opens, which undoes every edit; an audit looks at them as they are",
    "erasure": "bytes still to be overwritten; that somebody is erased is an entry",
    "account_claim": SIGN_IN, "account_device": SIGN_IN, "session": SIGN_IN, "sign_in_failure": SIGN_IN, "totp_step": SIGN_IN,
    "passkey_challenge": SIGN_IN, "passkey_use": SIGN_IN, "resident_session": SIGN_IN, "contact_code": SIGN_IN, "complaint_code": SIGN_IN,
    "complaint_draft": UNSENT, "service_draft": UNSENT, "subscription_request": UNSENT,
    "outbox": MESSAGES, "area_digest": MESSAGES, "complaint_news": MESSAGES,
    "complaint_photo": "where the file of a photo lies; which photos a case has is a column of complaint", "service_file": "where a file lies; which files a case has is in its entries",
    "complaint_number": "the search's own: it finds cases, and what is shown of them comes from complaint", "complaint_words_due": "the search's own, as above",
}


def named(done):
    return {line.removeprefix("table ").split(":")[0] for line in done.stdout.splitlines() if line.startswith("table ")}


@pytest.fixture
def peopled(closed):
    """With accounts too, of every role."""
    for number, (agency, role) in enumerate([("kominfo", "screener"), ("pu", "officer"), ("pu", "head"), ("setda", "auditor"), ("pu", "treasurer,clerk")]):
        closed.staff(f"petugas{number}", agency, role)
    return closed


def test_a_row_put_into_any_table_is_seen(peopled):
    """Also into those that are empty: the tables are the database's own list."""
    store = Store(peopled)
    tables = store.tables()
    if not peopled.database:
        # PostgreSQL searches without tables of its own.
        assert sorted(set(NOT_WORKED_OUT) - set(tables)) == [], "a reason without a table"
    put = set(tables) - set(NOT_WORKED_OUT)
    for table in sorted(put):
        columns = store.columns(table)
        store.run(f"INSERT INTO {table} ({', '.join(name for name, _ in columns)}) VALUES ({', '.join(value for _, value in columns)})")
    assert sorted(put - named(peopled.command("audit", check=False))) == [], "tables whose foreign rows nobody sees"


def test_a_row_taken_out_of_any_table_is_seen(peopled):
    store = Store(peopled)
    full = {table for table in set(store.tables()) - set(NOT_WORKED_OUT) if store.rows(f"SELECT 1 FROM {table} LIMIT 1")}
    assert {"account", "complaint", "complaint_event", "promise", "service_definition"} <= full
    row = "ctid" if peopled.database else "rowid"
    for table in sorted(full):
        store.run(f"DELETE FROM {table} WHERE {row} = (SELECT MIN({row}) FROM {table})")
    assert sorted(full - named(peopled.command("audit", check=False))) == []


def test_an_edit_of_any_column_of_any_table_is_seen(peopled):
    """One column of each table at a time: its first, its second, and so on; after each all of them are as they were."""
    store = Store(peopled)
    full = {table: store.columns(table) for table in set(store.tables()) - set(NOT_WORKED_OUT) if store.rows(f"SELECT 1 FROM {table} LIMIT 1")}
    back = store.keep()
    row = "ctid" if peopled.database else "rowid"
    for place in range(max(len(columns) for columns in full.values())):
        edited = {table: columns[place] for table, columns in full.items() if place < len(columns)}
        for table, (name, value) in sorted(edited.items()):
            store.run(f"UPDATE {table} SET {name} = {value} WHERE {row} = (SELECT MIN({row}) FROM {table})")
        assert sorted(set(edited) - named(peopled.command("audit", check=False))) == [], f"columns that nobody watches: {edited}"
        back()
    assert "HOLDS" in peopled.command("audit")


def test_roles_that_nobody_gave_are_seen(peopled):
    Store(peopled).run("UPDATE account SET roles = 'administrator' WHERE roles = 'officer'")
    sees(peopled, "table account")


@pytest.mark.parametrize("edit, words", [("UPDATE keyring SET proof = {bytes}", "master key"), ("INSERT INTO half_moved (id) VALUES (1)", "cut off")])
def test_what_says_whose_the_database_is_closes_the_city_when_it_is_edited(closed, edit, words):
    Store(closed).run(edit.format(bytes=Store(closed).bytes))
    done = closed.command("audit", check=False)
    assert done.returncode == 1 and words in done.stderr, done.stdout + done.stderr


def test_an_older_key_file_that_is_put_back_is_refused(closed):
    key = closed.data / "city" / "keys" / "master.key"
    older = key.read_text()
    closed.command("rotate-key")
    newer = key.read_text()
    key.write_text(older)
    done = closed.command("audit", check=False)
    assert done.returncode == 1 and "master key" in done.stderr, done.stdout + done.stderr
    key.write_text(newer)
    assert "HOLDS" in closed.command("audit")


def test_a_ledger_folder_that_was_rolled_back_is_an_alarm_and_is_worked_out_again_only_by_hand(closed):
    log = closed.data / "city" / "ledger"
    kept = closed.data / "older"
    shutil.copytree(log, kept)
    closed.start()
    assert requests.post(closed.url + "/open311/v2/requests.json", data=report("Satu lagi, di depan halte yang sama.")).status_code == 200
    newest = requests.get(closed.url + "/ledger/checkpoint").text
    size = int(newest.splitlines()[1])
    closed.stop()
    shutil.move(log, closed.data / "newest")
    shutil.copytree(kept, log)
    sees(closed, "rolled back", str(size))
    closed.start()
    alarmed(closed)
    assert requests.post(closed.url + "/open311/v2/requests.json", data=report("Lubang baru, di depan halte yang sama.")).status_code == 200
    assert requests.get(closed.url + "/ledger/checkpoint").text == (kept / "checkpoint").read_text(), "nothing is signed over it"
    closed.stop()
    assert "whole again" in closed.command("rebuild", "--ledger")
    assert "HOLDS" in closed.command("audit")
    closed.start()
    key = requests.get(closed.url + "/ledger/vkey").text.strip()
    seen = closed.data / "seen"
    for source, word in ((closed.data / "newest", "VALID"), (log, "CONSISTENT")):
        assert word in subprocess.run([BINARY, "verify", source, "--key", key, "--state", seen], capture_output=True, text=True).stdout
    assert 'role="alert"' not in requests.get(closed.url + "/buku-besar").text


def test_a_deleted_ledger_folder_does_not_begin_another_history(closed):
    """Also not one whose entries were edited in every place that hangs on them."""
    shutil.rmtree(closed.data / "city" / "ledger")
    sees(closed, "not in its folder")
    store = Store(closed)
    store.run("DELETE FROM entry WHERE seq >= (SELECT size - 2 FROM journal_head); UPDATE journal_head SET size = size - 2")
    closed.start()
    alarmed(closed)
    assert requests.get(closed.url + "/ledger/checkpoint").status_code == 404
    closed.stop()
    done = closed.command("rebuild", "--ledger", check=False)
    assert done.returncode == 2 and "stays as it is" in done.stdout, done.stdout + done.stderr
    assert not (closed.data / "city" / "ledger" / "checkpoint").exists()


@pytest.mark.parametrize("loss", ["the folder", "the checkpoint", "an older one", "another one", "a tile that is needed"])
def test_a_ledger_that_is_lost_while_the_city_is_open_is_an_alarm(closed, loss):
    log = closed.data / "city" / "ledger"
    kept = closed.data / "older"
    shutil.copytree(log, kept)
    closed.start()
    assert requests.post(closed.url + "/open311/v2/requests.json", data=report("Satu lagi, di depan halte yang sama.")).status_code == 200
    requests.get(closed.url + "/ledger/checkpoint")
    if loss == "the folder":
        shutil.rmtree(log)
    elif loss == "the checkpoint":
        (log / "checkpoint").unlink()
    elif loss == "an older one":
        shutil.copy(kept / "checkpoint", log / "checkpoint")
    elif loss == "another one":
        (log / "checkpoint").write_text((log / "checkpoint").read_text().replace("\n", "\nx\n", 1))
    else:
        # Noticed at the next start, which goes on without it.
        shutil.rmtree(log / "tile" / "0")
        closed.stop()
        closed.start()
    alarmed(closed)
    assert requests.post(closed.url + "/open311/v2/requests.json", data=report("Lubang baru, di depan halte yang sama.")).status_code == 200, "it goes on serving"
    closed.stop()
    assert "whole again" in closed.command("rebuild", "--ledger")
    assert "HOLDS" in closed.command("audit")


@pytest.mark.parametrize("edit", ["DELETE FROM ledger_signed", "UPDATE ledger_signed SET size = size + 1000", "UPDATE ledger_signed SET note = replace(note, '/ledger', '/lodger')"])
def test_what_was_signed_last_cannot_be_edited_in_the_database(closed, edit):
    Store(closed).run(edit)
    sees(closed, "ledger:")


@pytest.mark.parametrize("keyring", ["kept", "emptied"])
def test_another_master_key_is_refused_and_changes_nothing(closed, keyring):
    if keyring == "emptied":
        Store(closed).run("DELETE FROM keyring")
    key = closed.data / "city" / "keys" / "master.key"
    mine = key.read_text()
    key.write_text("A" * 43 + "=\n")
    done = closed.command("audit", check=False)
    assert done.returncode == 1 and "another master key" in done.stderr
    key.write_text(mine)
    assert "HOLDS" in closed.command("audit")


@pytest.mark.parametrize("name", ["master.key", "ledger.key", "documents.key", "documents.crt"])
def test_a_missing_key_beside_data_is_an_error_and_never_a_new_key(closed, name):
    key = closed.data / "city" / "keys" / name
    key.rename(closed.data / name)
    done = closed.command("audit", check=False)
    assert done.returncode == 1 and name in done.stderr and "missing" in done.stderr
    assert not key.exists()


def test_another_ledger_key_is_seen(closed):
    key = closed.data / "city" / "keys" / "ledger.key"
    key.write_text(key.read_text().splitlines()[0] + "\n" + "A" * 43 + "=\n")
    sees(closed, "not signed by this city")


def test_one_folder_is_served_by_one_process(closed):
    closed.start()
    done = subprocess.run([BINARY, "serve", *closed.options(), "--port", "1"], capture_output=True, text=True, env=closed.environment, timeout=60)
    assert done.returncode == 1 and "Another process" in done.stderr
    if closed.database:
        other = City(closed.database)
        shutil.copytree(closed.data / "city" / "keys", other.data / "city" / "keys")
        done = subprocess.run([BINARY, "serve", *other.options(), "--port", "1"], capture_output=True, text=True, env=other.environment, timeout=60)
        assert done.returncode == 1 and "serves this database" in done.stderr


def test_verify_proves_that_the_log_goes_on_from_what_was_seen(closed, tmp_path):
    log = closed.data / "city" / "ledger"
    kept = tmp_path / "kept"
    shutil.copytree(log, kept)
    closed.start()
    key = requests.get(closed.url + "/ledger/vkey").text.strip()

    def verify(source):
        return subprocess.run([BINARY, "verify", source, "--key", key, "--state", tmp_path / "seen"], capture_output=True, text=True)

    assert "VALID" in verify(log).stdout
    requests.post(closed.url + "/open311/v2/requests.json", data=report("Satu lagi, di depan halte yang sama."))
    requests.get(closed.url + "/ledger/checkpoint")
    assert "CONSISTENT" in verify(log).stdout
    done = verify(kept)
    assert done.returncode == 2 and "ROLLED BACK" in done.stdout

"""What a list changes: added, changed, retired, refused; twice changes nothing."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from emergency.rules.account_match import Known
from emergency.rules.account_plan import DEFAULTS, Plan, plan
from emergency.rules.account_rows import RawRow, Record, read_row

Store = dict[Record, list[Known]]
EMPTY: Store = {record: [] for record in Record}


def reading(place: int, *cells: str, **more: str):
    names = ("record", "account", "external_id", "name")
    fields = {**dict(zip(names, cells, strict=False)), **more}
    return read_row(RawRow(place=str(place), fields=fields), region="AT")


def planned(store: Store, *rows: Any, complete: bool = True) -> Plan:
    """``rows`` are (record, account, external id, name) and further columns."""
    readings = [
        reading(place, *row[:4], **(row[4] if len(row) > 4 else {}))
        for place, row in enumerate(rows, 2)
    ]
    return plan(readings, store, complete=complete)


def after(store: Store, made: Plan) -> Store:
    """What is stored once the plan is carried out, as the database would hold it."""
    stored = {r: {one.key: one for one in store[r]} for r in Record}
    for record, gone in made.retired.items():
        for one in gone:
            stored[record][one.key] = replace(one, retired=True)
    keys: dict[str, int] = {}
    for record in Record:
        for change in (c for c in made.changes if c.record is record):
            key = change.key or max(stored[record], default=0) + 1
            values = {**change.values}
            external_id = str(values.pop("external_id"))
            account = (
                key if record is Record.ACCOUNT else keys[change.account.casefold()]
            )
            stored[record][key] = Known(
                key=key, account=account, external_id=external_id, values=values
            )
        if record is Record.ACCOUNT:
            keys = {one.said("number"): one.key for one in stored[record].values()}
    return {record: list(stored[record].values()) for record in Record}


def codes(made: Plan) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in made.problems]


def fates(made: Plan) -> list[tuple[str, str, str]]:
    changed = [(c.record.value, str(c.values["name"]), c.fate) for c in made.changes]
    gone = [
        (record.value, str(one.values["name"]), "retired")
        for record, rows in made.retired.items()
        for one in rows
    ]
    return changed + gone


A = ("account", "1", "crm-1", "Alpha")
B = ("account", "2", "crm-2", "Beta")
WEB = ("server", "1", "inv-1", "web01.example")
DB = ("server", "2", "inv-2", "db01.example")
PAT = ("contact", "1", "c-1", "Pat", {"email": "pat@example.com"})
FULL = (A, B, WEB, DB, PAT)
STORE = after(EMPTY, planned(EMPTY, *FULL))


def test_the_first_list_adds_everything() -> None:
    made = planned(EMPTY, *FULL)
    assert {fate for _r, _n, fate in fates(made)} == {"added"}
    assert made.counts()["server"]["added"] == 2
    assert made.changes[0].values == {
        **DEFAULTS[Record.ACCOUNT],
        "number": "1",
        "name": "Alpha",
        "external_id": "crm-1",
    }


def test_the_same_list_again_changes_nothing() -> None:
    made = planned(STORE, *FULL)
    assert fates(made) == []
    assert made.same == {Record.ACCOUNT: 2, Record.SERVER: 2, Record.CONTACT: 1}


def test_what_the_list_no_longer_names_is_retired_and_comes_back() -> None:
    made = planned(STORE, A, WEB, PAT)
    assert fates(made) == [
        ("account", "Beta", "retired"),
        ("server", "db01.example", "retired"),
    ]
    back = planned(after(STORE, made), *FULL)
    assert fates(back) == [
        ("account", "Beta", "back"),
        ("server", "db01.example", "back"),
    ]


def test_a_part_of_a_list_retires_nothing() -> None:
    assert fates(planned(STORE, A, complete=False)) == []


def test_an_account_that_a_server_names_is_not_retired() -> None:
    assert fates(planned(STORE, WEB, DB, PAT)) == []


def test_an_external_id_finds_the_row_under_a_new_name() -> None:
    made = planned(
        STORE,
        ("account", "100", "crm-1", "Alpha"),
        B,
        ("server", "100", "inv-1", "web02.example"),
        DB,
        ("contact", "100", "c-1", "Pat", {"email": "p@example.com"}),
    )
    assert [(c.key, c.changed) for c in made.changes] == [
        (1, ("number",)),
        (1, ("name",)),
        (1, ("email",)),
    ]
    assert made.problems == ()


def test_a_server_may_go_to_another_account() -> None:
    made = planned(STORE, A, B, ("server", "2", "inv-1", "web01.example"), DB, PAT)
    assert [(c.key, c.account, c.changed) for c in made.changes] == [
        (1, "2", ("account",))
    ]


def test_without_external_ids_number_name_and_address_find_the_row() -> None:
    rows = [
        (record, number, "", name, *more) for record, number, _i, name, *more in FULL
    ]
    assert fates(planned(STORE, *rows)) == []


def test_another_machine_of_the_same_name_takes_the_place_of_the_first() -> None:
    made = planned(STORE, A, B, ("server", "1", "inv-9", "web01.example"), DB, PAT)
    assert fates(made) == [
        ("server", "web01.example", "added"),
        ("server", "web01.example", "retired"),
    ]


def test_a_name_in_service_is_not_taken_from_a_server_that_stays() -> None:
    swapped = (
        ("server", "1", "inv-1", "db01.example"),
        ("server", "2", "inv-2", "web01.example"),
    )
    made = planned(STORE, A, B, *swapped, PAT)
    assert codes(made) == [("4", "name_in_use"), ("5", "name_in_use")]
    assert fates(made) == []
    part = planned(STORE, ("server", "2", "inv-9", "web01.example"), complete=False)
    assert codes(part) == [("2", "name_in_use")]


def test_a_number_stays_whose_it_is() -> None:
    made = planned(STORE, A, ("account", "1", "crm-2", "Beta"), WEB, DB, PAT)
    assert codes(made) == [("3", "twice")]
    made = planned(STORE, ("account", "2", "crm-1", "Alpha"), WEB, DB, PAT)
    assert codes(made) == [("2", "number_in_use")]
    assert fates(made) == []


def test_what_stands_twice_is_taken_once() -> None:
    made = planned(STORE, *FULL, ("server", "1", "inv-1", "other.example"))
    assert codes(made) == [("7", "twice")]
    assert made.problems[0].other == "4"
    made = planned(EMPTY, A, WEB, ("server", "1", "", "WEB01.example"))
    assert codes(made) == [("4", "twice")]


def test_a_bad_row_changes_and_retires_nothing_of_what_it_names() -> None:
    bad = ("server", "1", "inv-1", "web01.example", {"address": "nonsense"})
    made = planned(STORE, A, B, bad, PAT)
    assert codes(made) == [("4", "bad_address")]
    assert fates(made) == [("server", "db01.example", "retired")]


def test_a_bad_contact_keeps_every_contact_of_the_account() -> None:
    made = planned(STORE, A, B, WEB, DB, ("contact", "1", "", "Patricia"))
    assert codes(made) == [("6", "no_way_to_contact")]
    assert fates(made) == []


def test_a_row_that_says_nothing_keeps_everything() -> None:
    made = planned(STORE, A, ("", "", "", ""))
    assert made.held_back
    assert fates(made) == []


def test_a_server_of_an_account_that_nobody_knows_is_refused() -> None:
    made = planned(STORE, *FULL, ("server", "77", "", "x.example"))
    assert codes(made) == [("7", "unknown_account")]


def test_who_was_put_on_file_at_the_desk_stays_until_the_account_goes() -> None:
    store = {
        **STORE,
        Record.CONTACT: [replace(STORE[Record.CONTACT][0], imported=False)],
    }
    assert fates(planned(store, A, B, WEB, DB)) == []
    gone = planned(store, B, DB)
    assert ("contact", "Pat", "retired") in fates(gone)


def test_who_was_taken_off_at_the_desk_does_not_come_back() -> None:
    off = replace(STORE[Record.CONTACT][0], imported=False, retired=True)
    made = planned({**STORE, Record.CONTACT: [off]}, *FULL)
    assert codes(made) == [("6", "taken_off")]
    assert fates(made) == []
    by_import = replace(off, imported=True)
    made = planned({**STORE, Record.CONTACT: [by_import]}, *FULL)
    assert fates(made) == [("contact", "Pat", "back")]


def test_one_person_may_speak_for_two_accounts() -> None:
    second = ("contact", "2", "c-1", "Pat", {"email": "pat@example.com"})
    made = planned(STORE, *FULL, second)
    assert (codes(made), fates(made)) == ([], [("contact", "Pat", "added")])


def test_the_fingerprint_tells_plans_apart() -> None:
    first = planned(STORE, A, WEB)
    assert first.fingerprint == planned(STORE, A, WEB).fingerprint
    assert first.fingerprint != planned(STORE, A, PAT).fingerprint
    changed = ("server", "1", "inv-1", "web01.example", {"contract": "V-1"})
    assert first.fingerprint != planned(STORE, A, changed).fingerprint


IDS = st.sampled_from(["", "i1", "i2", "i3"])
NUMBERS = st.sampled_from(["1", "2", "3", "x/"])
NAMES = st.sampled_from(["a.example", "B.example", "b.example", "c.example", ""])
MORE = st.fixed_dictionaries(
    {},
    optional={
        "email": st.sampled_from(["", "p@example.com", "q@example.com", "bad"]),
        "phone": st.sampled_from(["", "+436641234567"]),
        "address": st.sampled_from(["", "192.0.2.7", "bad"]),
        "aliases": st.sampled_from(["", "shop.example", "S-1;S-2"]),
    },
)
ROWS = st.lists(
    st.tuples(st.sampled_from([*Record, "other"]), NUMBERS, IDS, NAMES, MORE),
    max_size=9,
)


def sound(store: Store) -> None:
    """What the database enforces."""
    numbers = [one.values["number"] for one in store[Record.ACCOUNT]]
    assert len(numbers) == len(set(numbers))
    serving = [one.said("name") for one in store[Record.SERVER] if not one.retired]
    assert len(serving) == len(set(serving))
    for record in (Record.ACCOUNT, Record.SERVER):
        ids = [one.external_id for one in store[record] if one.external_id]
        assert len(ids) == len(set(ids))


@given(st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=4))
def test_list_after_list_the_store_stays_sound_and_settles(lists) -> None:
    store = EMPTY
    for rows, complete in lists:
        made = planned(store, *rows, complete=complete)
        refused = {problem.place for problem in made.problems}
        taken = len(rows) - len(refused)
        assert taken == len(made.changes) + sum(made.same.values())
        store = after(store, made)
        sound(store)
    rows, complete = lists[-1]
    # What had to wait for a name to become free may follow once.
    for _ in rows:
        store = after(store, planned(store, *rows, complete=complete))
        sound(store)
    last = planned(store, *rows, complete=complete)
    assert fates(last) == []

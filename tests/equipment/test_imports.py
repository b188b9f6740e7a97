"""Stock lists: read as spreadsheets give them, every fault named, all rows or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from shared_resources.equipment.queries.register import item_page, items
from shared_resources.equipment.rules.stock_list import read_stock_list, template
from shared_resources.equipment.schemas.handover import Condition
from shared_resources.equipment.schemas.register import ItemFilter, ItemFull
from shared_resources.equipment.service.imports import import_items
from shared_resources.kernel.errors import Invalid, NotAllowed, Repeated
from shared_resources.kernel.sheets import decoded
from tests.clients import client_for
from tests.equipment.counter import english
from tests.makers import make_depot, make_item, make_model
from tests.people import Cast, make_cast

if TYPE_CHECKING:
    from uuid import UUID

HEAD = "资产编号,序列号,型号,仓库,保管人,状况,证书编号,检定机构,检定日期,有效期至"
GOOD = "YJ-1,SN-1,GX-4,东库,owner.custodian,磨损,JJG-1,市计量院,2026/3/1,2027年2月28日"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_read(encoding: str) -> None:
    assert decoded(f"{HEAD}\n{GOOD}".encode(encoding)) == f"{HEAD}\n{GOOD}"


@pytest.mark.parametrize("data", [b"\xff\xfe\x00\x01", b"PK\x03\x04\x00\x00", "编号".encode("utf-16")])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(Invalid, match="not a text in UTF-8 or GB18030"):
        decoded(data)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_three_delimiters_and_both_languages(delimiter: str) -> None:
    text = f"Asset No.,Model,DEPOT,Condition,Colour\n{GOOD.split(',')[0]},GX-4,East,good,red\n\n".replace(
        ",", delimiter
    )
    rows, faults = read_stock_list(text)
    assert faults == []
    assert [(row.line, row.asset_no, row.model, row.depot, row.condition) for row in rows] == [
        (2, "YJ-1", "GX-4", "East", Condition.GOOD)
    ]


def test_a_row_with_its_certificate() -> None:
    (row,), faults = read_stock_list(f"{HEAD}\r\n{GOOD}\r\n")
    assert faults == []
    assert row.certificate is not None
    assert (str(row.certificate.valid_from), str(row.certificate.valid_to)) == ("2026-03-01", "2027-02-28")
    assert row.condition is Condition.WORN


def test_the_template_can_be_read_in_both_languages() -> None:
    for locale in ("zh_CN", "en"):
        rows, faults = read_stock_list("\n".join(",".join(line) for line in template(locale)))
        assert faults == []
        assert len(rows) == 1


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (",SN,GX-4,东库", "asset_no", "must not be empty"),
        ("A,SN,,东库", "model", "must not be empty"),
        ("A,SN,GX-4,", "depot", "must not be empty"),
        (f"{'A' * 61},SN,GX-4,东库", "asset_no", "At most %(length)s characters"),
        ("A,SN,GX-4,东库,,坏", "condition", "is not one of"),
        ("A,SN,GX-4,东库,,良好,J-1,院,2026-02-30,2027-01-01", "valid_from", "is no day"),
        ("A,SN,GX-4,东库,,良好,J-1,院,2026-02-01,soon", "valid_to", "is no day"),
        ("A,SN,GX-4,东库,,良好,J-1,院,2027-02-01,2026-02-01", "valid_to", "ends before it begins"),
        ("A,SN,GX-4,东库,,良好,J-1", "issuer", "needs number, issuer"),
    ],
)
def test_every_fault_names_line_and_column(row: str, column: str, sentence: str) -> None:
    _, faults = read_stock_list(f"{HEAD}\nOK,SN,GX-4,东库\n{row}\n")
    assert {fault.line for fault in faults} == {3}
    assert any(fault.column == column and sentence in fault.msgid for fault in faults)


def test_the_same_number_twice_in_a_list() -> None:
    _, faults = read_stock_list(f"{HEAD}\nA,,GX-4,东库\nB,,GX-4,东库\nA,,GX-4,东库")
    assert [(fault.line, fault.params) for fault in faults] == [(4, {"other": "2"})]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no row in this list"),
        (HEAD, "no row in this list"),
        ("型号,仓库\nGX-4,东库", "lacks the column"),
        (f"{HEAD}\n" + "A,,G,D\n" * 2001, "more than"),
        (f'{HEAD}\n"A,,G,D\n', "cannot be read"),
    ],
)
def test_what_is_no_list_is_refused_whole(text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_stock_list(text)


@pytest.fixture
async def cast(db: str) -> Cast:
    return await make_cast()


async def stock(cast: Cast) -> tuple[UUID, UUID]:
    keeper = cast.owner.custodian
    return await make_model(keeper=keeper, name="GX-4"), await make_depot(keeper=keeper, name="东库")


async def test_all_rows_enter_with_certificate_and_keeper(cast: Cast) -> None:
    await stock(cast)
    text = f"{HEAD}\n{GOOD}\nYJ-2,,gx-4,东库"
    looked = await import_items(cast.owner.custodian, text, dry_run=True)
    assert (looked.rows, looked.faults, looked.codes) == (2, (), ())
    assert (await items(cast.owner.custodian, ItemFilter())).items == ()
    done = await import_items(cast.owner.custodian, text, dry_run=False, act_id="list-1")
    assert len(done.codes) == 2
    first = (await item_page(cast.owner.custodian, done.codes[0])).item
    assert isinstance(first, ItemFull)
    assert (first.asset_no, first.serial, first.keeper_name) == ("YJ-1", "SN-1", "owner.custodian")
    assert [certificate.number for certificate in first.certificates] == ["JJG-1"]
    other = f"{HEAD}\nYJ-8,,GX-4,东库"
    with pytest.raises(Repeated):
        await import_items(cast.owner.custodian, other, dry_run=False, act_id="list-1")


async def test_one_fault_keeps_everything_out(cast: Cast) -> None:
    await stock(cast)
    await make_item(keeper=cast.owner.custodian, asset_no="HERE")
    await make_depot(keeper=cast.third.custodian, name="西库")
    rows = "YJ-1,,GX-4,东库\nHERE,,GX-4,东库\nYJ-3,,GX-5,东库\nYJ-4,,GX-4,西库\nYJ-5,,GX-4,东库,third.custodian"
    report = await import_items(cast.owner.custodian, f"{HEAD}\n{rows}", dry_run=False)
    assert [(fault.line, fault.column) for fault in report.faults] == [
        (3, "asset_no"),
        (4, "model"),
        (5, "depot"),
        (6, "keeper"),
    ]
    assert report.codes == ()
    assert len((await items(cast.owner.custodian, ItemFilter())).items) == 1


async def test_a_name_that_means_two_things_is_not_guessed(cast: Cast) -> None:
    await stock(cast)
    await make_model(keeper=cast.owner.custodian, name="GX-4")
    report = await import_items(cast.owner.custodian, f"{HEAD}\nA,,GX-4,东库", dry_run=True)
    assert "means more than one" in report.faults[0].msgid


async def test_only_keepers_import(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        await import_items(cast.owner.officer, f"{HEAD}\n{GOOD}", dry_run=True)


async def test_check_then_enter_through_the_page(cast: Cast) -> None:
    await stock(cast)
    async with english(cast.owner.custodian) as browser:
        await browser.page("/items/import")
        faulty = await browser.send("/items/import", text=f"{HEAD}\nA,,GX-9,东库", act="enter")
        assert faulty.status_code == 422
        assert "There is no model “GX-9” in the catalogue." in faulty.text
        assert "GX-9,东库" in faulty.text
        checked = await browser.send("/items/import", text=f"{HEAD}\n{GOOD}", act="check")
        assert checked.status_code == 200
        assert "1 row is in order." in checked.text
        upload = {"file": ("list.csv", f"{HEAD}\n{GOOD}".encode("gb18030"), "text/csv")}
        entered = await browser.send("/items/import", act="enter", act_id="page-1", files=upload)
        assert entered.status_code == 303, entered.text
        labels = await browser.page(entered.headers["location"])
    assert labels.status_code == 200
    assert "1 label" in labels.text


async def test_wrong_lists_have_their_sentences(cast: Cast) -> None:
    async with english(cast.owner.custodian) as browser:
        nothing = await browser.send("/items/import", act="check")
        columns = await browser.send("/items/import", act="check", text="a,b\n1,2")
        garbled, heavy = b"\xff\xfe\x00", b"a" * 2_000_001
        binary = await browser.send("/items/import", files={"file": ("x.csv", garbled, "text/csv")})
        large = await browser.send("/items/import", files={"file": ("x.csv", heavy, "text/csv")})
    assert "No list was given." in nothing.text
    assert "The list lacks the column" in columns.text
    assert "not a text in UTF-8 or GB18030" in binary.text
    assert "larger than 2 MB" in large.text
    assert [answer.status_code for answer in (nothing, columns, binary, large)] == [422, 422, 422, 413]


async def test_the_template_is_in_the_readers_language(cast: Cast) -> None:
    async with client_for(cast.owner.custodian) as browser:
        chinese = await browser.get("/items/import/template.csv")
    async with english(cast.owner.custodian) as browser:
        other = await browser.get("/items/import/template.csv")
    assert chinese.content.decode("utf-8-sig").startswith("资产编号,")
    assert other.content.decode("utf-8-sig").startswith("asset number,")


async def test_programs_import_too(cast: Cast) -> None:
    await stock(cast)
    async with english(cast.owner.custodian) as browser:
        body = {"text": f"{HEAD}\n{GOOD}", "dry_run": False}
        done = await browser.ask("POST", "/api/v1/items/import", body)
    assert done.status_code == 200, done.text
    assert len(done.json()["codes"]) == 1

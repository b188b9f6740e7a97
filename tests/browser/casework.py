"""What people do on records of coordination, step by step, in the browser: forms typed, letters opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pypdfium2
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from playwright.sync_api import Locator, Page

FORM = "form.asked"
EM, AMR, ECO, PSB = "市应急管理局", "市市场监督管理局", "市生态环境局", "市公安局"
LEGAL_OFFICE, GOVERNMENT = "市司法局", "市政府办公厅"
OFFICERS = (
    {"name": "陈晓燕", "permit_no": "渝20260001", "phone": "13800000001"},
    {"name": "刘思远", "permit_no": "渝20260002", "phone": "13800000002"},
)
SERVERS = tuple({"name": one["name"], "permit_no": one["permit_no"]} for one in OFFICERS)

INVENTORY = {
    "documents": ({"name": "现场检查笔录", "doc_no": "渝应急检〔2026〕18号", "copies": 2, "pages": 3},),
    "goods": (
        {
            "name": "废矿物油",
            "quantity": "12",
            "unit": "桶",
            "state": "密封",
            "place": "一号仓库",
            "seal_no": "F-018",
        },
    ),
    "officers": OFFICERS,
}
"""What goes along with a case."""


def fill(page: Page, **entries: Any) -> None:
    """Type a form: texts, choices by value or by what they say, lists of boxes, rows as mappings."""
    for name, value in entries.items():
        if isinstance(value, tuple) and value and isinstance(value[0], dict):
            fill_rows(page, name, value)
        elif isinstance(value, tuple):
            for one in value:
                tick(page, name, one)
        else:
            fill_one(page, name, value)


def fill_rows(page: Page, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Type lines, and add some where there are too few."""
    group = page.locator(f"{FORM} [data-rows='{name}']")
    reveal(group)
    for number, row in enumerate(rows):
        if group.locator("[data-row]").count() <= number:
            group.locator("[data-add-row]").click()
        for column, value in row.items():
            fill_one(page, f"{name}.{number}.{column}", value)


def tick(page: Page, name: str, choice: str) -> None:
    """Tick one box of a list, by its value or by what it says."""
    boxes = page.locator(f"{FORM} [id='{name}']")
    reveal(boxes)
    by_value = boxes.locator(f"input[value='{choice}']")
    (by_value if by_value.count() else boxes.get_by_label(choice, exact=True)).check()


def fill_one(page: Page, name: str, value: Any) -> None:
    """Type one field, whatever kind of field it is."""
    fields = page.locator(f"{FORM} [name='{name}']")
    reveal(fields.first)
    kind = fields.first.evaluate("field => field.type")
    if kind == "radio":
        page.locator(f"{FORM} [name='{name}'][value='{value}']").check()
    elif kind == "checkbox":
        fields.set_checked(bool(value))
    elif kind == "select-one":
        fields.select_option(value)
    else:
        fields.fill(str(value))


def open_record(page: Page, address: str, **entries: Any) -> str:
    """Open a record with its form; returns its address."""
    page.goto(f"{address}/new" if "?" not in address else address)
    fill(page, **entries)
    send(page)
    page.wait_for_url(re.compile(r"/[A-Z]{2}\d{4}-\d+$"))
    return page.url.removeprefix(page.url.split("/", 3)[0] + "//" + page.url.split("/", 3)[2])


def send(page: Page) -> None:
    """Press the button of the form."""
    page.locator(f"{FORM} button[type=submit][data-kind=primary]").click()


def button_of(page: Page, step: str) -> Locator:
    """The way to a step on the page of a record: its link, its button or the button that says why not."""
    return page.locator(f"a.button[href$='/{step}'], [id='act-{step}'], .button-off:has([id='act-{step}-why'])")


def reveal(way: Locator) -> None:
    """Open what a button or a field is folded away in, if it is."""
    folds = way.locator("xpath=ancestor::details[not(@open)]")
    for fold in folds.all():
        fold.locator("> summary").click()


def begin(page: Page, record: str, step: str) -> None:
    """Open the form of a step from the page of the record, as people do."""
    page.goto(record)
    way = page.locator(f"#now a.button[href='{record}/{step}']")
    reveal(way)
    way.click()
    expect(page.locator(FORM)).to_be_visible()


def take(page: Page, record: str, step: str, *, note: str = "", **entries: Any) -> None:
    """Take a step: with its form, with a reason, or with one press; then the record is shown again."""
    page.goto(record)
    way = button_of(page, step)
    reveal(way)
    if way.evaluate("way => way.tagName") == "A":
        way.click()
        expect(page.locator(FORM)).to_be_visible()
        fill(page, **entries)
        if note:
            page.locator(f"{FORM} [name=note]").fill(note)
        send(page)
    elif note:
        way.locator("summary").click()
        way.locator("[name=note]").fill(note)
        way.locator("button[type=submit]").click()
    else:
        way.locator("button[type=submit]").click()
    expect(page.locator("[data-flashes] .flash")).to_have_attribute("data-tone", "good")
    expect(page).to_have_url(re.compile(f"{re.escape(record)}$"))


def why_not(page: Page, record: str, step: str) -> str:
    """What the greyed button of a step says."""
    page.goto(record)
    off = page.locator(f".button-off:has([id='act-{step}-why'])")
    expect(off.locator("button")).to_be_disabled()
    return (off.locator(".hint").text_content() or "").strip()


def state_of(page: Page) -> Locator:
    """The badge that says where a record stands."""
    return page.locator("main .badge").first


def error_beside(page: Page, name: str) -> Locator:
    """The sentence beside a field."""
    return page.locator(f"[id='{name}-error']")


def preview(page: Page) -> None:
    """Look at the letter before it is issued; it opens beside."""
    with page.context.expect_event("response", lambda answer: answer.url.endswith("/preview")) as opened:
        page.locator(f"{FORM} button[formaction$='/preview']").click()
    assert opened.value.status == 200
    assert opened.value.headers["content-type"] == "application/pdf"


def letter(page: Page, record: str, place: int = -1) -> tuple[str, str]:
    """Open an issued letter (the newest): its number, and the text of its PDF."""
    page.goto(record)
    page.locator("#letters li a[href^='/documents/']:not(.button)").nth(place).click()
    number = page.locator("h1 + p, .heading p, main p").first.inner_text()
    link = page.locator("a.button[href$='/pdf']").get_attribute("href")
    assert link
    return number, text_of(fetched(page, link))


def fetched(page: Page, link: str) -> bytes:
    """What a link of a page leads to, as the browser gets it: a PDF."""
    answer = page.request.get(link)
    assert answer.ok, answer.status
    body = answer.body()
    assert body.startswith(b"%PDF")
    return body


def text_of(pdf: bytes) -> str:
    """Everything that stands in a PDF, without the gaps."""
    document = pypdfium2.PdfDocument(pdf)
    return re.sub(r"\s", "", "".join(page.get_textpage().get_text_bounded() for page in document))

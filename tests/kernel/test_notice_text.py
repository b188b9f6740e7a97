"""Reading the text of yearly notices: the published ones give the calendar that everybody else read in them."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.kernel.calendars import LIBRARY

from shared_resources.kernel.calendar.notice_text import read_notice
from shared_resources.kernel.calendar.rules import reasons_against
from shared_resources.kernel.errors import Invalid, Refusals
from shared_resources.kernel.schemas.calendar import NoticeDraft
from shared_resources.kernel.workdays import NATION, Calendar, SpecialDay

TEXTS = {
    2023: """
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
""",
    2024: """
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
""",
    2025: """
经党中央、国务院批准，根据2024年11月修订的《全国年节及纪念日放假办法》，自2025年1月1日起，全体公民放假的假日增加2天。
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
""",
    2026: """
一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。
二、春节:2月15日(农历腊月二十八、周日)至23日(农历正月初七、周一)放假调休,共9天。2月14日(周六)、2月28日(周六)上班。
三、清明节:4月4日(周六)至6日(周一)放假,共3天。
四、劳动节:5月1日(周五)至5日(周二)放假调休,共5天。5月9日(周六)上班。
五、端午节:6月19日(周五)至21日(周日)放假,共3天。
六、中秋节:9月25日(周五)至27日(周日)放假,共3天。
七、国庆节:10月1日(周四)至7日(周三)放假调休,共7天。9月20日(周日)、10月10日(周六)上班。
鼓励单位和个人结合落实带薪年休假等制度,实际形成较长假期,推动错峰出行。
""",
}


@pytest.mark.parametrize("year", TEXTS)
def test_published_notice_gives_the_calendar_of_its_year(year: int) -> None:
    spans = read_notice(TEXTS[year], year)
    calendar = Calendar({(NATION, day): SpecialDay(span.kind, span.name) for span in spans for day in span.days()})
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [calendar.works(day) for day in days] == [LIBRARY.works(day) for day in days]
    draft = NoticeDraft(number="N", year=year, published_on=date(year - 1, 11, 1), spans=spans)
    assert reasons_against(draft) == []


def test_day_of_the_year_before_is_read() -> None:
    assert read_notice(TEXTS[2023], 2023)[0].first == date(2022, 12, 31)


@pytest.mark.parametrize(
    ("text", "year", "code"),
    [
        ("放假通知", 2026, "notice_no_notice"),
        ("一、元旦：另行通知。", 2026, "notice_no_notice"),
        ("一、元旦：1月1日（周四）放假。", 2027, "notice_weekday"),
        ("一、元旦：1月1日至4日放假，共3天。", 2027, "notice_total"),
        ("一、春节：2月30日放假。", 2027, "notice_no_date"),
        ("一、春节：7日放假。", 2027, "notice_no_date"),
        ("一、春节：1月1日至2099年1月1日放假。", 2027, "notice_too_long"),
    ],
)
def test_what_does_not_fit_is_refused(text: str, year: int, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_notice(text, year)
    assert refused.value.code == code


def test_notice_of_another_year_is_never_read_as_this_one() -> None:
    with pytest.raises(Refusals, match="another day of the week"):
        read_notice(TEXTS[2026], 2027)


@given(st.text(alphabet="一二、：。1234567890年月日（周五）至放假上班共天", max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with contextlib.suppress(Invalid, Refusals):
        assert read_notice("一、" + text, 2027)

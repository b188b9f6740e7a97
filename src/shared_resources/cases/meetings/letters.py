"""The papers of a joint meeting: notice, reply slip, minutes (FORMS 7 to 9). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from shared_resources.cases.meetings.rules.standing import (
    ATTENDED,
    ATTENDING,
    CONVENING,
    consenting,
    filed_with,
    presence_of,
    programme,
    reckoning,
    resolutions,
    silent,
)
from shared_resources.cases.meetings.schemas.meeting import (
    Attendance,
    ConveningRole,
    MeetingTask,
    Presence,
)
from shared_resources.kernel.letter_words import DECREE, day, full_stop, short
from shared_resources.kernel.letters import Element, Fields, Grid, Layout, LetterDraft, Paragraph, Urgency
from shared_resources.kernel.schemas.asked import ZONE
from shared_resources.kernel.words import N_

if TYPE_CHECKING:
    from shared_resources.kernel.casework.facts import Facts
    from shared_resources.kernel.permissions import Actor

ROLES: Mapping[str, str] = {
    ConveningRole.COMPREHENSIVE: "综合执法机关",
    ConveningRole.LEAD: "牵头行政机关",
    ConveningRole.REQUESTING: "提请行政机关",
}
TASKS: Mapping[str, str] = {
    MeetingTask.ARRANGE: "统一安排部署执法联动的事项、方法、步骤",
    MeetingTask.RESPONSIBILITY: "落实执法责任",
    MeetingTask.DISPUTES: "协调执法争议",
    MeetingTask.MEASURES: "研究执法措施",
    MeetingTask.FORCES: "组织执法力量",
    MeetingTask.UNIFY: "统一执法行动",
    MeetingTask.BRIEF: "通报执法工作情况",
    MeetingTask.EXCHANGE: "交流执法工作情况",
}
ATTENDANCES: Mapping[str, str] = {
    Attendance.ATTEND: "参加",
    Attendance.DEPUTY: "委派代表参加",
    Attendance.LEAVE: "请假",
}
WEEKDAYS = "一二三四五六日"


def meeting_notice(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """会议通知: the meeting is convened, moved to another day, or cancelled (MT-3a, FORMS 7)."""
    said = programme(facts)
    subject = f"{said['subject']}联席会议"
    verb = {"postpone": "改期召开", "cancel": "取消"}.get(step, "召开")
    blocks = _cancelled(facts, subject) if step == "cancel" else _convened(facts, step, subject)
    urgent = bool(said.get("urgent_reason"))
    return LetterDraft(
        kind="meeting_notice",
        word="会",
        title=f"{facts.agency(CONVENING).name_zh}关于{verb}{subject}的通知",
        layout=Layout.DOCUMENT,
        blocks=blocks,
        to=facts.names(ATTENDING),
        addressees=facts.parties.all(ATTENDING),
        annexes=() if step == "cancel" else ("会议回执",),
        contact=f"{said['contact']}，{said['contact_phone']}",
        urgency=Urgency.URGENT if urgent else Urgency.NONE,
        elements=_notice_elements(said, bool(facts.names(ATTENDING)), reckoning(facts) is not None),
    )


def _notice_elements(said: Mapping[str, Any], has_invitees: bool, is_counted: bool) -> tuple[Element, ...]:
    return (
        Element(N_("Time of the meeting"), bool(said.get("starts_at"))),
        Element(N_("Place"), bool(said.get("place"))),
        Element(N_("Agencies to attend"), has_invitees),
        Element(N_("Persons expected"), bool(said.get("persons"))),
        Element(N_("Content"), bool(said.get("agenda"))),
        Element(N_("Preparation"), bool(said.get("preparation"))),
        Element(N_("Other requirements"), bool(said.get("other")), required=False),
        Element(N_("Convening role"), bool(said.get("role"))),
        Element(N_("Last day for replies"), is_counted, required=False),
        Element(N_("Contact person"), bool(said.get("contact"))),
    )


def _convened(facts: Facts, step: str, subject: str) -> tuple[Paragraph, ...]:
    said, we = programme(facts), f"我{short(facts.agency(CONVENING).name_zh)}"
    opening = f"根据{DECREE}第四条第（二）项的规定，{we}作为{ROLES[said['role']]}，定于近期召开{subject}。"
    if step == "postpone":
        before = programme(_before(facts, "postpone"))
        opening = (
            f"原定于{_span(before)}召开的{subject}，因{_plain(facts.last('postpone')['reason'])}，现改期召开。"
            "请参会单位重新报送会议回执。"
        )
    return (
        Paragraph(f"{opening}现将有关事项通知如下："),
        Paragraph("一、会议时间", 1),
        Paragraph(f"{_span(said)}。"),
        Paragraph("二、会议地点", 1),
        Paragraph(full_stop(said["place"])),
        Paragraph("三、参会人员", 1),
        Paragraph(f"{'、'.join(facts.names(ATTENDING))}的{full_stop(said['persons'])}"),
        Paragraph("四、会议内容", 1),
        *_agenda(said),
        Paragraph("五、准备事项", 1),
        Paragraph(full_stop(said["preparation"])),
        Paragraph("六、其他要求", 1),
        *_requirements(facts, said, we),
    )


def _agenda(said: Mapping[str, Any]) -> tuple[Paragraph, ...]:
    points = [
        Paragraph(f"{number}．{row['topic']}" + (f"（{row['speaker']}）" if row.get("speaker") else ""))
        for number, row in enumerate(said["agenda"], 1)
    ]
    return (
        Paragraph(f"本次会议的主要任务是{'，'.join(TASKS[task] for task in said['tasks'])}。议程如下："),
        *points,
    )


def _requirements(facts: Facts, said: Mapping[str, Any], we: str) -> tuple[Paragraph, ...]:
    counted = reckoning(facts)
    by = f"于{day(counted['reply_by'])}前（会议召开前2个工作日）" if counted else "于会议召开前2个工作日"
    found = [Paragraph(full_stop(said["other"]))] if said.get("other") else []
    found.append(Paragraph(f"请参会单位{by}将会议回执送{we}。"))
    if said.get("urgent_reason"):
        found.append(
            Paragraph(f"因{_plain(said['urgent_reason'])}，本次会议为紧急会议，未能提前5个工作日送达会议通知。")
        )
    return tuple(found)


def _cancelled(facts: Facts, subject: str) -> tuple[Paragraph, ...]:
    reason = _plain(facts.last("cancel")["reason"])
    return (
        Paragraph(f"因{reason}，原定于{_span(programme(facts))}召开的{subject}取消。"),
        Paragraph("如另行召开，将重新通知。特此通知。"),
    )


def meeting_reply(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """会议回执: who comes, or why nobody does (MT-3b, FORMS 8)."""
    assert actor.agency is not None
    said, slip, own = programme(facts), facts.last(step, actor.agency), facts.agencies[actor.agency]
    delegates = slip.get("delegates") or ()
    people = tuple((each["name"], each["post"], each["phone"]) for each in delegates)
    notice = facts.letter("meeting_notice")
    return LetterDraft(
        kind="meeting_reply",
        word="回执",
        title=f"{own.name_zh}会议回执",
        layout=Layout.FORM,
        blocks=(
            Fields(
                (
                    ("参会单位", own.name_zh),
                    ("会议名称", f"{said['subject']}联席会议"),
                    ("会议时间", _span(said)),
                    ("会议通知", notice.number if notice else ""),
                    ("参会情况", ATTENDANCES[slip["attendance"]]),
                    ("请假事由", slip.get("leave_reason") or ""),
                    ("拟提出的事项", slip.get("matters") or ""),
                    ("携带的材料", slip.get("papers") or ""),
                    ("填表人", actor.name),
                    ("填表日期", day(facts.today)),
                )
            ),
            *((Grid(("姓名", "职务", "联系电话"), people, caption="参会人员"),) if people else ()),
        ),
        to=facts.names(CONVENING),
        addressees=facts.parties.all(CONVENING),
        elements=(
            Element(N_("Agency"), True),
            Element(N_("Meeting"), True),
            Element(N_("Attendance"), bool(slip.get("attendance"))),
            Element(N_("Persons attending"), bool(people), required=slip["attendance"] != Attendance.LEAVE),
            Element(
                N_("Reason for leave"),
                bool(slip.get("leave_reason")),
                required=slip["attendance"] == Attendance.LEAVE,
            ),
            Element(N_("Filled in by"), bool(actor.name)),
        ),
    )


def minutes(facts: Facts, step: str, actor: Actor) -> LetterDraft:
    """会议纪要: who was there, what was resolved, who consented, where it is filed (MT-4, FORMS 9)."""
    said, held, draft, issue = (
        programme(facts),
        facts.last("hold"),
        facts.last("draft_minutes"),
        facts.last("issue"),
    )
    office = _office(facts)
    rows = resolutions(facts)
    return LetterDraft(
        kind="minutes",
        word="纪要",
        title=f"{said['subject']}联席会议纪要",
        layout=Layout.MINUTES,
        blocks=(
            Paragraph(
                f"{_span(said)}，{held['chair']}在{said['place']}主持召开{said['subject']}联席会议。"
                "会议形成如下纪要："
            ),
            Paragraph("一、会议情况", 1),
            Paragraph(draft["summary"]),
            Paragraph("二、议定事项", 1),
            *((_table(facts),) if rows else (Paragraph("本次会议未议定具体执法任务。"),)),
            Paragraph("三、不同意见", 1),
            Paragraph(full_stop(draft.get("dissent") or "无")),
            Paragraph("四、会签情况", 1),
            Paragraph(_consents(facts)),
        ),
        to=facts.names(ATTENDING),
        addressees=(*facts.parties.all(ATTENDING), *((office[0],) if office else ())),
        cc=(f"{office[1]}（备案）",) if office else (),
        lists=_lists(facts, held),
        elements=(
            Element(N_("Time, place and chair"), bool(held.get("chair"))),
            Element(N_("Attendance"), bool(held.get("attended"))),
            Element(N_("What was discussed"), bool(draft.get("summary"))),
            Element(N_("Resolved items"), bool(rows), required=False),
            Element(N_("Consent of each agency bound"), bool(consenting(facts))),
            Element(N_("Sent to"), bool(facts.names(ATTENDING))),
            Element(N_("Copy for filing"), office is not None, required=False),
            Element(N_("Signed by"), bool(issue.get("signed_by"))),
        ),
    )


def _table(facts: Facts) -> Grid:
    rows = tuple(
        (
            str(number),
            row["matter"],
            facts.name(row["agency"]),
            day(row["deadline"]),
            row["progress"],
            row["measure"],
        )
        for number, row in enumerate(resolutions(facts), 1)
    )
    heads = ("序号", "执法任务", "责任单位", "完成期限", "进度要求", "执法措施")
    return Grid(heads, rows, widths=(0.6, 2.4, 1.6, 1.5, 1.8, 1.8))


def _consents(facts: Facts) -> str:
    names = "、".join(facts.name(agency) for agency in consenting(facts))
    missing = "、".join(facts.name(agency) for agency in silent(facts))
    note = f"{missing}未送会议回执。" if missing else ""
    signed = _plain(facts.last("issue").get("signed_by") or "")
    return f"本纪要经{names}同意。{note}签发人：{signed}。"


def _lists(facts: Facts, held: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    persons = {row["agency"]: row.get("persons") or "" for row in held["attended"]}
    present = [f"{facts.agency(CONVENING).name_zh} {held['own_persons']}"]
    leave, absent = [], []
    for agency in facts.parties.all(ATTENDING):
        presence = presence_of(facts, agency)
        name = f"{facts.name(agency)} {persons.get(str(agency), '')}".strip()
        if presence in ATTENDED:
            present.append(name)
        elif presence is Presence.LEAVE:
            leave.append(name)
        else:
            absent.append(name)
    sitting = (held["sitting_in"],) if held.get("sitting_in") else ()
    found = (("出席", tuple(present)), ("请假", tuple(leave)), ("缺席", tuple(absent)), ("列席", sitting))
    return tuple((label, names) for label, names in found if names)


def _office(facts: Facts) -> tuple[UUID, str] | None:
    part = filed_with(facts)
    found = [agency for agency in facts.agencies.values() if part and agency.office == part]
    return (found[0].id, found[0].name_zh) if found else None


def _before(facts: Facts, step: str) -> Facts:
    """The facts without the newest form of ``step`` and what came after it."""
    index = max(number for number, filed in enumerate(facts.filings) if filed.step == step)
    return replace(facts, filings=facts.filings[:index])


def _span(said: Mapping[str, Any]) -> str:
    begins = datetime.fromisoformat(said["starts_at"]).astimezone(ZONE)
    ends = datetime.fromisoformat(said["ends_at"]).astimezone(ZONE)
    weekday = WEEKDAYS[begins.weekday()]
    return f"{day(begins.date())}（星期{weekday}）{begins:%H:%M}至{ends:%H:%M}"


def _plain(text: str) -> str:
    return text.rstrip("。；！ ")

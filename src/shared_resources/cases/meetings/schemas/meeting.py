"""What a joint meeting asks for: programme, reply slip, attendance, minutes, filing (MT, CE-3a; FORMS 7 to 9)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from shared_resources.kernel.asks import Ask, Asked
from shared_resources.kernel.schemas.asked import SCOPE_LABELS, Instant, ScopeGround, local_day
from shared_resources.kernel.words import N_

LONGEST = timedelta(hours=12)
"""No meeting lasts longer."""


class MeetingType(StrEnum):
    """Which meeting of the decree it is."""

    COMPREHENSIVE = "comprehensive"
    OPERATION = "operation"
    COORDINATION = "coordination"


TYPE_LABELS: Mapping[MeetingType, str] = {
    MeetingType.COMPREHENSIVE: N_("Joint meeting on comprehensive enforcement (CE-3a)"),
    MeetingType.OPERATION: N_("Joint meeting of a joint operation (JE-5b)"),
    MeetingType.COORDINATION: N_("Joint meeting on other coordination (MT)"),
}


class ConveningRole(StrEnum):
    """As what an agency convenes (MT-2)."""

    COMPREHENSIVE = "comprehensive_agency"
    LEAD = "lead_agency"
    REQUESTING = "requesting_agency"


ROLE_LABELS: Mapping[ConveningRole, str] = {
    ConveningRole.COMPREHENSIVE: N_("Comprehensive enforcement agency"),
    ConveningRole.LEAD: N_("Lead agency"),
    ConveningRole.REQUESTING: N_("Requesting agency"),
}


class MeetingTask(StrEnum):
    """The main tasks of joint meetings (MT-1)."""

    ARRANGE = "arrange_matters"
    RESPONSIBILITY = "fix_responsibility"
    DISPUTES = "coordinate_disputes"
    MEASURES = "study_measures"
    FORCES = "organise_forces"
    UNIFY = "unify_action"
    BRIEF = "brief"
    EXCHANGE = "exchange"


TASK_LABELS: Mapping[MeetingTask, str] = {
    MeetingTask.ARRANGE: N_("Arrange matters, methods and steps of coordination"),
    MeetingTask.RESPONSIBILITY: N_("Fix enforcement responsibility"),
    MeetingTask.DISPUTES: N_("Coordinate enforcement disputes"),
    MeetingTask.MEASURES: N_("Study enforcement measures"),
    MeetingTask.FORCES: N_("Organise enforcement forces"),
    MeetingTask.UNIFY: N_("Unify enforcement action"),
    MeetingTask.BRIEF: N_("Brief one another on enforcement"),
    MeetingTask.EXCHANGE: N_("Exchange experience of enforcement"),
}


class AgendaItem(Asked):
    """One point of the agenda."""

    topic: Annotated[str, Ask(N_("Topic"))] = Field(max_length=200)
    speaker: Annotated[str | None, Ask(N_("Speaker"))] = Field(None, max_length=80)


class When(Asked):
    """The time of a meeting, and why its notice may be late."""

    starts_at: Annotated[
        Instant,
        Ask(
            N_("Begins"),
            hint=N_("The notice is delivered by the 5th working day before, replies by the 2nd (MT-3)."),
        ),
    ]
    ends_at: Annotated[Instant, Ask(N_("Ends"))]
    place: Annotated[str, Ask(N_("Place"))] = Field(min_length=2, max_length=200)
    urgent_reason: Annotated[
        str | None,
        Ask(
            N_("Reason for an urgent meeting"),
            hint=N_("Only where the notice is late: the meeting is then marked irregular."),
        ),
    ] = Field(None, min_length=4, max_length=400)

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if not self.starts_at < self.ends_at <= self.starts_at + LONGEST:
            raise ValueError(N_("A meeting ends after it begins, within 12 hours."))
        return self

    @property
    def day(self) -> date:
        """The day of the meeting in Chongqing."""
        return local_day(self.starts_at)


class Programme(When):
    """What the notice says (MT-3a, FORMS 7)."""

    subject: Annotated[str, Ask(N_("Subject"), hint=N_("The name of the meeting, without the word 会议."))] = (
        Field(min_length=2, max_length=80)
    )
    scope: Annotated[ScopeGround, Ask(N_("Ground for acting together"), labels=SCOPE_LABELS)]
    type: Annotated[MeetingType, Ask(N_("Type of meeting"), labels=TYPE_LABELS)]
    role: Annotated[ConveningRole, Ask(N_("We convene it as"), labels=ROLE_LABELS)]
    tasks: Annotated[tuple[MeetingTask, ...], Ask(N_("Tasks of the meeting"), labels=TASK_LABELS)] = Field(
        min_length=1
    )
    persons: Annotated[
        str, Ask(N_("Persons expected"), hint=N_("Such as: the leader in charge and the head of the unit."))
    ] = Field(min_length=2, max_length=200)
    agenda: Annotated[tuple[AgendaItem, ...], Ask(N_("Content"))] = Field(min_length=1, max_length=30)
    preparation: Annotated[str, Ask(N_("Preparation"), widget="textarea")] = Field(min_length=2, max_length=2000)
    other: Annotated[str | None, Ask(N_("Other requirements"), widget="textarea")] = Field(None, max_length=2000)
    contact: Annotated[str, Ask(N_("Contact person"))] = Field(min_length=2, max_length=40)
    contact_phone: Annotated[str, Ask(N_("Phone of the contact"), sensitive=True)] = Field(
        min_length=3, max_length=40
    )

    @model_validator(mode="after")
    def _role_fits(self) -> Self:
        if self.type is MeetingType.COMPREHENSIVE and self.role is not ConveningRole.COMPREHENSIVE:
            raise ValueError(
                N_("A joint meeting on comprehensive enforcement is convened by the comprehensive agency.")
            )
        return self


class Convocation(Programme):
    """A meeting is planned, with the agencies that attend; counties where necessary (MT-2)."""

    invitees: Annotated[
        tuple[UUID, ...],
        Ask(N_("Agencies to attend"), hint=N_("County governments and their departments where necessary.")),
    ] = Field(min_length=1, max_length=100)


class Amendment(Programme):
    """The programme is changed before the notice leaves; further agencies may be asked to attend."""

    also: Annotated[tuple[UUID, ...], Ask(N_("Further agencies to attend"))] = Field((), max_length=100)


class Sending(Asked):
    """The notice leaves."""

    urgent_reason: Annotated[
        str | None,
        Ask(
            N_("Reason for an urgent meeting"),
            hint=N_("Only where the notice is late: the meeting is then marked irregular."),
        ),
    ] = Field(None, min_length=4, max_length=400)


class Postponement(When):
    """Another day for a meeting whose notice is out: the clock begins anew."""

    reason: Annotated[str, Ask(N_("Reason of the change"), widget="textarea")] = Field(
        min_length=4, max_length=1000
    )


class Cancellation(Asked):
    """The meeting does not take place."""

    reason: Annotated[str, Ask(N_("Reason"), widget="textarea")] = Field(min_length=4, max_length=1000)


class Reckoning(Asked):
    """The last days before a meeting as they were counted with one act; filed beside it, not asked of anybody."""

    day: date
    notice_by: date
    reply_by: date
    irregular: bool


class Attendance(StrEnum):
    """What a reply slip says (FORMS 8)."""

    ATTEND = "attend"
    DEPUTY = "send_deputy"
    LEAVE = "leave"


ATTENDANCE_LABELS: Mapping[Attendance, str] = {
    Attendance.ATTEND: N_("Will attend"),
    Attendance.DEPUTY: N_("Will send a deputy"),
    Attendance.LEAVE: N_("Asks for leave"),
}


class Delegate(Asked):
    """A person who comes."""

    name: Annotated[str, Ask(N_("Full name"))] = Field(max_length=40)
    post: Annotated[str, Ask(N_("Post"))] = Field(max_length=60)
    phone: Annotated[str, Ask(N_("Phone"), sensitive=True)] = Field(max_length=40)


class Slip(Asked):
    """The reply slip (MT-3b, FORMS 8)."""

    attendance: Annotated[Attendance, Ask(N_("Attendance"), labels=ATTENDANCE_LABELS)]
    delegates: Annotated[tuple[Delegate, ...], Ask(N_("Persons attending"), rows=2)] = Field((), max_length=20)
    leave_reason: Annotated[str | None, Ask(N_("Reason for leave"))] = Field(None, max_length=400)
    matters: Annotated[str | None, Ask(N_("Matters to raise"), widget="textarea")] = Field(None, max_length=2000)
    papers: Annotated[str | None, Ask(N_("Papers brought"))] = Field(None, max_length=400)

    @model_validator(mode="after")
    def _says_who_or_why(self) -> Self:
        if self.attendance is Attendance.LEAVE and not self.leave_reason:
            raise ValueError(N_("Leave is asked for with a reason."))
        if self.attendance is not Attendance.LEAVE and not self.delegates:
            raise ValueError(N_("Say who comes: name, post and phone."))
        return self


class CalendarClaim(Asked):
    """What a person's calendar program answered; not the agency's reply until it is confirmed."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    person: Annotated[str, Ask(N_("Full name"))] = Field(max_length=80)
    email: Annotated[str, Ask(N_("E-mail"), sensitive=True)] = Field(max_length=200)
    phone: Annotated[str | None, Ask(N_("Phone"), sensitive=True)] = Field(None, max_length=40)
    answer: Annotated[str, Ask(N_("Calendar answer"))] = Field(max_length=20)
    comment: Annotated[str | None, Ask(N_("Remarks"))] = Field(None, max_length=500)
    sequence: Annotated[int, Ask(N_("Edition of the invitation"))]
    stamped_at: Annotated[Instant, Ask(N_("Time of the answer"))]


class Calls(Asked):
    """The meeting is confirmed although some agencies are silent: they were called."""

    calls: Annotated[str, Ask(N_("What the silent agencies said when called"), widget="textarea")] = Field(
        min_length=4, max_length=2000
    )


class Presence(StrEnum):
    """How an agency took part."""

    PRESENT = "present"
    DEPUTY = "deputy"
    LEAVE = "leave"
    ABSENT = "absent"


PRESENCE_LABELS: Mapping[Presence, str] = {
    Presence.PRESENT: N_("Present"),
    Presence.DEPUTY: N_("Deputy present"),
    Presence.LEAVE: N_("On leave"),
    Presence.ABSENT: N_("Absent"),
}


class Attended(Asked):
    """One agency at the meeting."""

    agency: Annotated[UUID, Ask(N_("Agency"))]
    presence: Annotated[Presence, Ask(N_("Presence"), labels=PRESENCE_LABELS)]
    persons: Annotated[str | None, Ask(N_("Persons"))] = Field(None, max_length=200)


class Record(Asked):
    """The meeting took place (FORMS 9): chair, who was there."""

    chair: Annotated[str, Ask(N_("Chair"))] = Field(min_length=2, max_length=80)
    own_persons: Annotated[str, Ask(N_("Our own persons present"))] = Field(min_length=2, max_length=200)
    attended: Annotated[tuple[Attended, ...], Ask(N_("Agencies"))] = Field(min_length=1, max_length=100)
    sitting_in: Annotated[str | None, Ask(N_("Sitting in"))] = Field(None, max_length=400)


class Resolution(Asked):
    """A resolved item: who does what by when, how it is told, with which measures (MT-4a)."""

    matter: Annotated[str, Ask(N_("Matter"))] = Field(max_length=300)
    agency: Annotated[UUID | None, Ask(N_("Agency"), hint=N_("Empty: the convening agency."))] = None
    deadline: Annotated[date, Ask(N_("Deadline"))]
    progress: Annotated[str, Ask(N_("Progress demand"))] = Field(max_length=300)
    measure: Annotated[str, Ask(N_("Enforcement measures"))] = Field(max_length=300)


class Draft(Asked):
    """The draft minutes (MT-4a, FORMS 9)."""

    summary: Annotated[str, Ask(N_("What was discussed"), widget="textarea")] = Field(
        min_length=10, max_length=8000
    )
    items: Annotated[tuple[Resolution, ...], Ask(N_("Resolved items"))] = Field((), max_length=60)
    dissent: Annotated[str | None, Ask(N_("Dissent"), widget="textarea")] = Field(None, max_length=4000)


class Assent(Asked):
    """An agency agrees to the minutes (MT-4b)."""

    remark: Annotated[str | None, Ask(N_("Remarks"))] = Field(None, max_length=400)


class Objection(Asked):
    """An agency does not agree, and says to what."""

    text: Annotated[str, Ask(N_("Objection"), widget="textarea")] = Field(min_length=4, max_length=2000)
    wanted: Annotated[str | None, Ask(N_("Wording that we agree to"), widget="textarea")] = Field(
        None, max_length=2000
    )


class FilingOffice(StrEnum):
    """With whom minutes are filed: one of the two (MT-4c)."""

    GOVERNMENT = "municipal_office"
    LEGAL = "legal_office"


OFFICE_LABELS: Mapping[FilingOffice, str] = {
    FilingOffice.GOVERNMENT: N_("Municipal Government Office"),
    FilingOffice.LEGAL: N_("Municipal legal office"),
}


class Issue(Asked):
    """The minutes are issued, with the copy for filing."""

    signed_by: Annotated[str, Ask(N_("Signed by"))] = Field(min_length=2, max_length=40)
    filed_with: Annotated[
        FilingOffice | None,
        Ask(
            N_("Filed with"),
            labels=OFFICE_LABELS,
            hint=N_("Minutes are filed with one of the two as they are issued; without, the meeting is flagged."),
        ),
    ] = None


class Filing(Asked):
    """The copy for filing leaves after the minutes."""

    filed_with: Annotated[FilingOffice, Ask(N_("Filed with"), labels=OFFICE_LABELS)]

"""Joint meetings and their resolved items as families of records (MT, CE-3a)."""

from __future__ import annotations

from shared_resources.cases.meetings import letters
from shared_resources.cases.meetings.rules import MEETING, RESOLVED_ITEM
from shared_resources.cases.meetings.rules.forms import prefill
from shared_resources.cases.meetings.rules.page import meeting_parts
from shared_resources.cases.meetings.rules.standing import ATTENDING, CONVENING, blocks
from shared_resources.cases.meetings.schemas.item import Duty
from shared_resources.cases.meetings.schemas.meeting import Convocation
from shared_resources.cases.meetings.service import item, meeting
from shared_resources.kernel.casework.family import Family, known
from shared_resources.kernel.permissions import Permission
from shared_resources.kernel.words import N_

MEETINGS = known(
    Family(
        procedure=MEETING,
        label=N_("Joint meetings"),
        lead=N_("Agencies meet, resolve who does what by when, and keep the minutes."),
        new_label=N_("Convene a meeting"),
        see=Permission.MEETING_SEE,
        open=Permission.MEETING_CONVENE,
        opens_as=CONVENING,
        opening=Convocation,
        title=lambda entries: entries.subject,
        parties=lambda entries, actor: {ATTENDING: entries.invitees},
        blocks=blocks,
        effects={
            "plan": meeting.plan,
            "amend": meeting.plan,
            "send_notice": meeting.notify,
            "postpone": meeting.notify,
            "cancel": meeting.cancel,
            "withdraw": meeting.withdraw,
            "reply": meeting.reply,
            "change_reply": meeting.reply,
            "hold": meeting.hold,
            "draft_minutes": meeting.draft_minutes,
            "consent": meeting.consent,
            "issue": meeting.issue,
            "file_copy": meeting.file_copy,
        },
        letters={
            "meeting_notice": letters.meeting_notice,
            "meeting_reply": letters.meeting_reply,
            "minutes": letters.minutes,
        },
        body="cases/meetings/body.html",
        own=meeting_parts,
        prefill=prefill,
        beside_opening="cases/meetings/days.html",
    )
)

RESOLVED_ITEMS = known(
    Family(
        procedure=RESOLVED_ITEM,
        label=N_("Resolved items"),
        lead=N_("What meetings resolved: who does it, by when, how far it is."),
        see=Permission.DUTY_SEE,
        opening=Duty,
        title=lambda entries: entries.matter,
        effects={
            "resolve": item.resolve,
            "give_back": item.give_back,
            "accept": item.ended,
            "withdraw": item.ended,
        },
    )
)

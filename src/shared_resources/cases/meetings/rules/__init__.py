"""The law of joint meetings and of what they resolve. Pure."""

from shared_resources.cases.meetings.rules.item import RESOLVED_ITEM
from shared_resources.cases.meetings.rules.meeting import MEETING

__all__ = ["MEETING", "RESOLVED_ITEM"]

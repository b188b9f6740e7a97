"""The five letters of enforcement assistance: texts as offices write them. Pure."""

from shared_resources.cases.assistance.letters.answering import assistance_refusal, assistance_reply
from shared_resources.cases.assistance.letters.asking import assistance_letter
from shared_resources.cases.assistance.letters.closing import assistance_report, result_notice

__all__ = ["assistance_letter", "assistance_refusal", "assistance_reply", "assistance_report", "result_notice"]

"""Ten requests for footage: in use, handed over, waiting, urgent, refused, in part, not there, closed."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_resources.demo.cases.stage import form
from shared_resources.demo.footage.films import draw_film
from shared_resources.demo.footage.register import SOURCES
from shared_resources.kernel import clock
from shared_resources.kernel.database.transaction import reading
from shared_resources.kernel.schemas.asked import StatutoryGround
from shared_resources.settings import settings
from shared_resources.video.media import probe, strip
from shared_resources.video.media.digests import digests
from shared_resources.video.queries.copies import copies_of_request
from shared_resources.video.schemas import preservations as notes
from shared_resources.video.schemas import requests as forms
from shared_resources.video.schemas.copies import CopyDraft
from shared_resources.video.schemas.footage import FootageDraft
from shared_resources.video.service.copies import order_copy
from shared_resources.video.service.intake import Arrived, take_in
from shared_resources.video.service.making import make_next
from shared_resources.video.service.openings import open_copy
from shared_resources.video.service.receipts import confirm_copy

if TYPE_CHECKING:
    from uuid import UUID

    from shared_resources.demo.cases.stage import Stage, Story
    from shared_resources.kernel.journal import Moved
    from shared_resources.kernel.permissions import Actor

OF = {nick: (slug, name) for nick, slug, _, name, *_ in SOURCES}


@dataclass
class Asking:
    """One request: who asks for what of which source, and when it was filmed."""

    stage: Stage
    sources: dict[str, str]
    permits: dict[UUID | None, str]
    nick: str
    asker: str
    source: str
    case: str
    purpose: str
    filmed: datetime
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def holder(self) -> str:
        """The agency that holds the source."""
        return OF[self.source][0]

    def form(self) -> forms.Request:
        """The request as its officer fills it in."""
        officer, second = self.stage.officer(self.asker), self.stage.crew(self.asker)[1]
        own = self.stage.crew(self.asker)[0].model_copy(update={"permit_no": self.permits[officer.person]})
        told = {
            "holder": self.stage.agency(self.holder),
            "spans": (
                {
                    "source": self.sources[self.source],
                    "camera": OF[self.source][1],
                    "begins": self.filmed,
                    "ends": self.filmed + timedelta(minutes=20),
                },
            ),
            "purpose": self.purpose,
            "case_name": self.case,
            "officers": (own.model_dump(), second.model_dump()),
            "supply_by": clock.today() + timedelta(days=10),
            "use_until": clock.today() + timedelta(days=60),
            "confidentiality": "仅供本案办案人员使用，案件办结后按规定处理。",
        }
        return forms.Request.model_validate(told | self.more)

    def opened(self, day: int) -> Story:
        """Drafted and submitted: the preservation notice leaves."""
        officer = self.stage.officer(self.asker)
        story = self.stage.story(f"footage-{self.nick}", "footage_request")
        return story.opens((day, "09:10"), officer, self.form).takes((day, "09:25"), officer, "submit")

    def sent(self, day: int) -> Story:
        """Approved and sent."""
        story = self.opened(day)
        story.takes((day, "10:40"), self.stage.head(self.asker), "approve")
        story.takes((day, "11:05"), self.stage.officer(self.asker), "send")
        return self._preserved(story, day)

    def _preserved(self, story: Story, day: int) -> Story:
        """The holder confirms the preservation the same day."""
        notice = self.stage.story(f"preserve-{self.nick}", "preservation")
        keeper = self.stage.officer(self.holder)
        notice.found((day, "13:30"), lambda: preservation_of(story.number))
        notice.takes(
            (day, "14:05"),
            keeper,
            "confirm",
            lambda: form(
                notes.Preserved,
                how="已导出至专用存储并封存",
                preserved_by=keeper.name,
                until=clock.today() + timedelta(days=90),
            ),
        )
        return story

    def granted(self, day: int, after: int = 2) -> Story:
        """Granted, the recording taken in, the copy made."""
        story = self.sent(day)
        head, keeper = self.stage.head(self.holder), self.stage.officer(self.holder)
        story.takes(
            (day + after, "09:30"),
            head,
            "grant",
            lambda: form(forms.Grant, ready_by=clock.today() + timedelta(days=3)),
        )
        return story.also((day + after, "10:30"), "copy", lambda: self._copy(keeper, story.number))

    def delivered(self, day: int) -> Story:
        """Handed over."""
        keeper = self.stage.officer(self.holder)
        crew = self.stage.crew(self.holder)
        filled = form(forms.Delivery, first=keeper.name, second=crew[1].name, original_at="单位视频资料专用存储")
        return self.granted(day).takes((day + 3, "10:00"), keeper, "deliver", filled)

    def in_use(self, day: int) -> Story:
        """Compared, signed for, viewed."""
        story, officer = self.delivered(day), self.stage.officer(self.asker)
        story.also((day + 3, "15:10"), "compare", lambda: compare(officer, story.number))
        crew = self.stage.crew(self.asker)
        filled = form(forms.Receiving, first=officer.name, second=crew[1].name)
        story.takes((day + 3, "15:30"), officer, "sign", filled)
        return story.also((day + 4, "09:15"), "view", lambda: look(officer, story.number))

    async def _copy(self, keeper: Actor, request: str) -> None:
        """Take the recording in and make the copy."""
        begins = self.filmed + timedelta(minutes=2)
        moved = await film_in(keeper, OF[self.source][1], begins, self.sources[self.source])
        copy = CopyDraft(kind="extract", start_ms=1000, end_ms=6500, request=request, masks=())
        await order_copy(keeper, moved.number, copy)
        await make_next()


async def film_in(actor: Actor, camera: str, begins: datetime, source: str | None, **more: Any) -> Moved:
    """Draw a recording and take it in."""
    settings().storage.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=settings().storage, prefix=".half-film-", delete=False) as half:
        path = await draw_film(Path(half.name), camera, begins)
    probed = await probe(path)
    told = {"name": camera, "recorded_from": begins, "taken_by": actor.name, "declared": True, "source": source}
    draft = FootageDraft.model_validate(told | more)
    name = f"{begins:%Y%m%d_%H%M%S}.mp4"
    pictures = await strip(path, probed.duration_ms, 6)
    return await take_in(actor, draft, Arrived(path, name, await digests(path), probed, pictures))


async def preservation_of(request: str) -> str:
    """The number of the preservation notice of a request."""
    async with reading() as db:
        found = await db.fetchval(
            "SELECT p.number FROM record r JOIN record_link l ON l.target = r.id JOIN record p ON p.id = l.source"
            " WHERE r.number = $1 AND p.kind = 'preservation'",
            request,
        )
    return str(found)


async def compare(officer: Actor, request: str) -> None:
    """The receiving side computes what the giving side did."""
    async with reading() as db:
        record = await db.fetchval("SELECT id FROM record WHERE number = $1", request)
    for copy in await copies_of_request(record):
        assert copy.sha256 is not None
        await confirm_copy(officer, copy.number, copy.sha256, copy.sm3)


async def look(officer: Actor, request: str) -> None:
    """An officer views what was obtained."""
    async with reading() as db:
        record = await db.fetchval("SELECT id FROM record WHERE number = $1", request)
    for copy in await copies_of_request(record):
        await open_copy(officer, copy.number, "view", f"{request} 办案查看")


def tell_requests(stage: Stage, sources: dict[str, str], permits: dict[UUID | None, str]) -> None:
    """All ten."""

    def ask(nick: str, asker: str, source: str, case: str, purpose: str, day: int, **more: Any) -> Asking:
        filmed = stage.at((day - 2, "20:15"))
        return Asking(stage, sources, permits, nick, asker, source, case, purpose, filmed, more)

    ask("fake", "cq-amr", "square", "解放碑步行街销售假冒商品案", "查明摊点经营者和交易经过。", -12).in_use(-12)
    ask("grease", "cq-amr", "north", "观音桥夜市使用地沟油案", "查明原料运送车辆。", -5).delivered(-5)
    ask("dust", "cq-ecoenv", "toll", "渣土车未密闭运输案", "查明车辆进出时间。", -8).sent(-8)
    finished(ask("stall", "cq-psb", "south", "观音桥寻衅滋事案", "查明参与人员。", -20))
    partly(ask("truck", "cq-transport", "north", "网约货车非法营运案", "查明揽客经过。", -9))
    refused(ask("gate", "cq-urban", "pier", "朝天门违法搭建案", "查明搭建时间。", -10))
    missing(ask("tank", "cq-amr", "yard", "物流基地走私成品油案", "查明卸货经过。", -15))
    urgent(ask("leak", "cq-em", "toll", "危化品运输车泄漏案", "查明车辆去向。", -1, **URGENT))
    ask("smoke", "cq-ecoenv", "harbour", "果园港露天焚烧案", "查明焚烧人员和时间。", 0).opened(-1)
    last = ask("banner", "cq-urban", "square", "解放碑违规张贴案", "查明张贴人员。", -1)
    stage.story("footage-banner", "footage_request").opens((-1, "16:20"), stage.officer("cq-urban"), last.form)


URGENT = {"urgent": True, "urgent_reason": "泄漏车辆正在驶离，随时可能再次泄漏。", "urgent_leader": "李海波"}


def finished(asking: Asking) -> None:
    """In use, then destroyed and closed."""
    stage, story = asking.stage, asking.in_use(-20)
    officer, crew = stage.officer(asking.asker), stage.crew(asking.asker)
    filled = form(
        forms.PurposeDone,
        first=officer.name,
        second=crew[1].name,
        outcome=forms.EndOfUse.DESTROYED,
        how="从办案终端删除并覆写",
    )
    story.takes((-8, "10:00"), officer, "purpose_done", filled)
    story.takes((-7, "09:00"), stage.officer(asking.holder), "close")


def partly(asking: Asking) -> None:
    """Granted in part on least range."""
    story, head = asking.sent(-9), asking.stage.head(asking.holder)
    span = {"source": asking.sources[asking.source], "camera": OF[asking.source][1]}
    span |= {"begins": asking.filmed.isoformat(), "ends": (asking.filmed + timedelta(minutes=5)).isoformat()}
    story.takes(
        (-7, "16:00"),
        head,
        "grant_in_part",
        lambda: forms.PartGrant.model_validate(
            {
                "spans": (span,),
                "left_out": "其余十五分钟的资料",
                "ground": forms.PartGround.LEAST_RANGE,
                "ready_by": clock.today() + timedelta(days=20),
            }
        ),
    )


def refused(asking: Asking) -> None:
    """Refused on a listed provision, with its facts."""
    story, head = asking.sent(-10), asking.stage.head(asking.holder)
    filled = form(
        forms.CannotSupply,
        ground=StatutoryGround.PROCEDURE,
        provision="《公共安全视频图像信息系统管理条例》第二十条",
        facts="来函未写明案件立案情况和承办人员执法证件信息，调取范围超出查明搭建时间所必需。",
    )
    story.takes((-6, "11:00"), head, "refuse", filled)


def missing(asking: Asking) -> None:
    """There is no such footage; accepted."""
    story, head = asking.sent(-15), asking.stage.head(asking.holder)
    filled = form(
        forms.Nonexistent,
        searched="公路物流基地录像机A全部通道及备份",
        why="当晚该录像机因供电线路检修停机，未录像。",
        stated_by=asking.stage.officer(asking.holder).name,
    )
    story.takes((-13, "15:00"), head, "does_not_exist", filled)
    story.takes((-12, "09:30"), asking.stage.head(asking.asker), "accept_answer")


def urgent(asking: Asking) -> None:
    """By telephone; the papers are still to come."""
    stage, story = asking.stage, asking.opened(-1)
    officer = stage.officer(asking.asker)
    story.takes(
        (-1, "09:40"),
        officer,
        "call",
        lambda: form(
            forms.PhoneCall,
            caller=officer.name,
            callee=stage.officer(asking.holder).name,
            phone=stage.crew(asking.holder)[0].phone,
            called_at=stage.at((-1, "09:35")),
        ),
    )

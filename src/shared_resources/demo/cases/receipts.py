"""First receipts of cases and a referral of a suspected crime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared_resources.cases.transfers.schemas.common import Ending, Opinion, PhoneRecord, Result, Service, Source
from shared_resources.cases.transfers.schemas.inventory import GoodsRow
from shared_resources.cases.transfers.schemas.receipt import OwnJurisdiction, Registration
from shared_resources.cases.transfers.schemas.referral import Annexes, Report, Suspicion
from shared_resources.cases.transfers.schemas.transfer import PassingOn
from shared_resources.demo.cases.stage import invented, phone
from shared_resources.demo.cases.transfers import inventory, onward, paper, prepared, servers

if TYPE_CHECKING:
    from shared_resources.demo.cases.stage import Stage, When


def tell_receipts(stage: Stage) -> None:
    """Five cases that came in, and the crime."""
    fresh(stage)
    undecided(stage)
    answered(stage)
    handled_now(stage)
    not_ours(stage)
    crime(stage)


def registration(stage: Stage, when: When, **more: Any) -> Registration:
    """A complaint as it was taken."""
    return Registration.model_validate({"source": Source.COMPLAINT, "received_at": stage.at(when), **more})


def fresh(stage: Stage) -> None:
    """Yesterday's complaint: whose it is, is open."""
    came = registration(
        stage,
        (-1, "10:02"),
        case_name="市民投诉北仓夜市烧烤摊油烟扰民",
        informant=f"{invented('complaint-1')}（12345热线工单尾号0931）",
        party="北仓夜市烧烤摊经营者",
        summary="投诉人反映夜市烧烤摊未使用油烟净化设施，夜间油烟飘入居民楼。",
    )
    story = stage.story("fr.smoke", "receipt")
    story.opens((-1, "10:20"), stage.officer("cq-urban"), came)


def undecided(stage: Stage) -> None:
    """Nobody has decided for more than ten days."""
    came = registration(
        stage,
        (-11, "15:30"),
        case_name="举报渝北某民宿违规使用瓶装液化气",
        source=Source.TIP_OFF,
        informant=f"{invented('tip-2')}（来信）",
        party="渝北区云岭民宿",
        summary="举报人称该民宿在地下室厨房存放十余瓶液化石油气，存在爆炸危险。",
    )
    stage.story("fr.gas", "receipt").opens((-11, "16:10"), stage.officer("cq-em"), came)


def answered(stage: Stage) -> None:
    """Ours, handled, the complainant told by phone."""
    officer = stage.officer("cq-amr")
    informant = invented("complaint-3")
    came = registration(
        stage,
        (-18, "09:40"),
        case_name="投诉观音桥某超市销售过期酸奶",
        informant=f"{informant}，{phone('complaint-3')}",
        party="江北区好又鲜超市观音桥店",
        summary="投诉人购买的三盒酸奶超过保质期四天，要求查处并退赔。",
    )
    story = stage.story("fr.yoghurt", "receipt").opens((-18, "10:15"), officer, came)
    own = OwnJurisdiction(
        provision="《中华人民共和国食品安全法》第一百二十四条", case_no=f"渝市监案〔{stage.year}〕1066号"
    )
    story.takes((-17, "09:30"), stage.head("cq-amr"), "judge_own", own)
    result = Result(
        ending=Ending.PENALTY,
        text="货架上查获同批次过期酸奶十一盒，没收并罚款五千元；超市已向投诉人退款并赔偿一千元。",
        concluded_on=stage.on(-5),
        paper_no=f"渝市监罚〔{stage.year}〕1066号",
    )
    story.takes((-5, "15:40"), officer, "handle", result)
    call = PhoneRecord(
        told_to=informant,
        number_called=phone("complaint-3"),
        told_at=stage.at((-4, "14:05")),
        told_by=officer.name,
        text="告知查处结果和退赔情况，投诉人表示满意。",
    )
    story.takes((-4, "14:15"), officer, "inform_by_phone", call)


def handled_now(stage: Stage) -> None:
    """Ours, being handled; the hotline sent it."""
    came = registration(
        stage,
        (-7, "11:00"),
        case_name="热线转办解放碑地下车库排放刺激性废气",
        source=Source.TRANSFERRED,
        from_agency=stage.agency("cq-12345"),
        party="解放碑某商业广场物业服务中心",
        summary="多名市民来电反映地下车库排风口夜间排放刺激性气味。",
    )
    story = stage.story("fr.garage", "receipt").opens((-7, "11:30"), stage.officer("cq-ecoenv"), came)
    own = OwnJurisdiction(
        provision="《中华人民共和国大气污染防治法》第九十九条", case_no=f"渝环案〔{stage.year}〕104号"
    )
    story.takes((-5, "10:10"), stage.head("cq-ecoenv"), "judge_own", own)


def not_ours(stage: Stage) -> None:
    """Not ours: the transfer is approved and waits to be sent."""
    sender, receiver = "cq-urban", "cq-housing"
    came = registration(
        stage,
        (-3, "09:30"),
        case_name="市民投诉江北嘴某楼盘夜间混凝土浇筑扰民",
        informant=f"{invented('complaint-5')}（12345热线工单尾号1187）",
        party="重庆江北嘴中宸置业有限公司",
        summary="投诉人反映该工地连续三晚凌晨浇筑混凝土，无夜间施工公告。",
    )
    story = stage.story("fr.concrete", "receipt").opens((-3, "10:00"), stage.officer(sender), came)
    passing = PassingOn(
        receiver=stage.agency(receiver),
        why="房屋建筑工地夜间施工许可和现场管理由住房城乡建设主管部门负责。",
        provision="《重庆市噪声污染防治办法》第二十八条",
        determined_on=stage.on(-1),
    )
    story.takes((-1, "09:45"), stage.head(sender), "judge_not_own", passing)
    on = stage.story("tr.concrete", "transfer").found((-1, "09:45"), onward(stage, "fr.concrete"))
    prepared(on, sender, -1, "14:20", inventory(stage, sender, paper("投诉登记表", 1), paper("噪声监测记录", 2)))


def crime(stage: Stage) -> None:
    """A suspected crime, with the police: they decide within three days whether to file."""
    sender, police = "cq-amr", "cq-psb"
    case = Suspicion(
        case_name="巴南某食品加工点涉嫌生产有毒有害食品案",
        police=stage.agency(police),
        crime="生产、销售有毒、有害食品罪",
        provision="《中华人民共和国刑法》第一百四十四条",
        found_on=stage.on(-6),
        party="涉案加工点实际经营者冉某",
        summary="检查发现该加工点在毛肚浸泡水中检出工业甲醛，现场查获成品一百八十公斤、半成品六百公斤。",
        officers=stage.crew(sender),
    )
    officer = stage.officer(sender)
    story = stage.story("cr.tripe", "referral").opens((-6, "17:20"), officer, case)
    report = Report(
        verified="经检验，两份浸泡水样和三份毛肚样品均检出甲醛，含量最高每千克八百六十毫克。"
        "进货、销售记录显示已销往夜市摊位四处。",
        proposal="当事人行为涉嫌犯罪，建议移送公安机关立案侦查。",
    )
    story.takes((-4, "16:00"), officer, "report", report)
    story.takes(
        (-3, "10:30"), stage.leader(sender), "approve", Opinion(opinion="同意移送市公安局，同步通报检察机关。")
    )
    goods = GoodsRow(
        name="毛肚成品及半成品",
        quantity="780",
        unit="公斤",
        state="冷冻封存",
        place="市市场监督管理局冷链封存库",
        seal_no="SJ-2204",
        measure="扣押",
        expires_on=stage.on(15),
    )
    annexes = Annexes(
        report_name="涉嫌犯罪案件调查报告",
        report_pages=16,
        goods=(goods,),
        appraisals=(paper("检验报告", 5, f"食检〔{stage.year}〕3307号"),),
        others=(paper("现场笔录", 4), paper("销售记录复印件", 9), paper("询问笔录", 6)),
        place="市公安局收发室",
        servers=servers(stage, sender),
    )
    story.takes((-3, "16:45"), officer, "send", annexes)
    signed = Service(
        received_at=stage.at((-1, "17:05")), place="市公安局收发室", signer=stage.officer(police).name
    )
    story.takes((-1, "17:10"), stage.officer(police), "sign", signed)

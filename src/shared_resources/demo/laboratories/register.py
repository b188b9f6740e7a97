"""Nine laboratories with their certificates, scope, signatories and places for samples (SAMPLE-DATA.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from shared_resources.kernel import clock
from shared_resources.kernel.permissions import Role
from shared_resources.lab.schemas.directory import (
    CertificateDraft,
    ClosureDraft,
    LaboratoryDraft,
    ScopeRow,
    SignatoryDraft,
    StoreDraft,
)
from shared_resources.lab.service.directory import add_part, import_scope, register_laboratory

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from shared_resources.demo.cases.stage import Stage

COLD = (("冷藏样品库", 0.0, 4.0), ("常温样品库", 10.0, 25.0), ("冷冻样品库", -25.0, -18.0))
DRY = (("常温样品库", 10.0, 25.0),)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class DemoLab:
    """One laboratory: whose, its names, working days, places in work, days left of its certificate, its scope.

    ``rows``: field, item, matrix, method, limits, unit, own working days.
    """

    nick: str
    slug: str
    name_zh: str
    name_en: str
    address: str
    days: int
    capacity: int
    left: int
    rows: tuple[tuple[str, str, str, str, str | None, str | None, int | None], ...]
    places: tuple[tuple[str, float, float], ...] = DRY


LABS = (
    DemoLab(
        "food",
        "cq-drug",
        "市食品药品检验检测研究院",
        "Institute for Food and Drug Control",
        "渝北区春兰二路 1 号",
        20,
        30,
        820,
        (
            ("食品", "毒死蜱", "蔬菜", "GB 23200.113-2018", "≥0.01", "mg/kg", None),
            ("食品", "氧乐果", "蔬菜", "GB 23200.113-2018", "≥0.01", "mg/kg", None),
            ("食品", "克伦特罗", "畜肉", "GB 31658.22-2022", "≥0.5", "μg/kg", None),
            ("食品", "铅", "大米", "GB 5009.12-2023", "≥0.02", "mg/kg", None),
            ("食品", "二氧化硫", "干制蔬菜", "GB 5009.34-2022", "≥0.01", "g/kg", None),
            ("食品", "菌落总数", "糕点", "GB 4789.2-2022", "≥10", "CFU/g", 7),
            ("药品", "含量测定", "片剂", "中国药典 2025 年版四部", None, "%", 20),
        ),
        COLD,
    ),
    DemoLab(
        "metro",
        "cq-amr",
        "市计量质量检测研究院",
        "Institute of Metrology and Quality",
        "渝北区杨柳北路 1 号",
        15,
        24,
        400,
        (
            ("产品质量", "抗拉强度", "热轧带肋钢筋", "GB/T 28900-2022", None, "MPa", None),
            ("产品质量", "甲醛释放量", "人造板", "GB/T 17657-2022", "≥0.02", "mg/m³", None),
            ("产品质量", "防护性能", "电动自行车充电器", "GB 42296-2022", None, None, None),
            ("计量", "示值误差", "燃油加油机", "JJG 443-2023", None, "%", 20),
        ),
    ),
    DemoLab(
        "eco",
        "cq-ecoenv",
        "市生态环境监测中心",
        "Ecology and Environment Monitoring Centre",
        "渝北区旗山路 252 号",
        7,
        20,
        610,
        (
            ("水和废水", "化学需氧量", "废水", "HJ 828-2017", "≥4", "mg/L", None),
            ("水和废水", "氨氮", "废水", "HJ 535-2009", "≥0.025", "mg/L", None),
            ("水和废水", "总铬", "废水", "HJ 757-2015", "≥0.03", "mg/L", None),
            ("空气和废气", "非甲烷总烃", "固定源废气", "HJ 38-2017", "≥0.07", "mg/m³", 10),
            ("噪声", "厂界环境噪声", "工业企业厂界", "GB 12348-2008", None, "dB(A)", 2),
        ),
        COLD,
    ),
    DemoLab(
        "special",
        "cq-amr",
        "市特种设备检测研究院",
        "Special Equipment Inspection Institute",
        "渝中区长江二路 177 号",
        10,
        12,
        250,
        (
            ("特种设备", "制动试验", "乘客电梯", "TSG T7001-2023", None, None, None),
            ("特种设备", "壁厚测定", "压力容器", "TSG 21-2016", None, "mm", None),
            ("特种设备", "安全附件校验", "锅炉", "TSG 11-2020", None, None, None),
        ),
    ),
    DemoLab(
        "customs",
        "cq-customs",
        "重庆海关技术中心",
        "Customs Technology Centre",
        "江北区红黄路 8 号",
        12,
        16,
        700,
        (
            ("动植物检疫", "非洲猪瘟病毒", "猪肉", "GB/T 18648-2020", None, None, 3),
            ("食品", "铅", "进口水产品", "GB 5009.12-2023", "≥0.02", "mg/kg", None),
            ("动植物检疫", "红火蚁", "进境原木", "GB/T 20477-2006", None, None, 7),
        ),
        COLD,
    ),
    DemoLab(
        "agri",
        "cq-agri",
        "市农产品质量安全检验检测中心",
        "Centre for Agricultural Product Safety",
        "九龙坡区石杨路 16 号",
        7,
        18,
        530,
        (
            ("农产品", "毒死蜱", "蔬菜", "GB 23200.113-2018", "≥0.01", "mg/kg", None),
            ("农产品", "氧乐果", "蔬菜", "GB 23200.113-2018", "≥0.01", "mg/kg", None),
            ("动物疫病", "非洲猪瘟病毒", "猪血", "GB/T 18648-2020", None, None, 3),
        ),
        COLD,
    ),
    DemoLab(
        "police",
        "cq-psb",
        "市公安局物证鉴定中心",
        "Police Forensic Centre",
        "渝北区黄龙路 555 号",
        20,
        14,
        480,
        (
            ("电子数据", "手机数据提取", "智能手机", "GA/T 1170-2014", None, None, None),
            ("理化", "乙醇", "血液", "GA/T 842-2019", "≥0.05", "mg/mL", 3),
            ("文书", "印章印文", "书证文件", "GB/T 37231-2018", None, None, None),
        ),
        COLD,
    ),
    DemoLab(
        "fire",
        "cq-fire",
        "消防救援总队火灾物证鉴定中心",
        "Fire Evidence Centre",
        "渝北区余松路 66 号",
        20,
        8,
        45,
        (
            ("火灾物证", "助燃剂", "火场残留物", "GB/T 18294.3-2006", None, None, None),
            ("火灾物证", "熔痕", "导线", "GB/T 16840.4-2021", None, None, None),
        ),
    ),
    DemoLab(
        "forensic",
        "cq-legal",
        "市司法鉴定中心",
        "Judicial Appraisal Centre",
        "江北区红石路 1 号",
        30,
        10,
        900,
        (
            ("环境损害", "生态环境损害数额", "受污染土壤", "GB/T 39791.1-2020", None, "元", None),
            ("事故技术", "事故原因", "施工升降机", "GB/T 28264-2017", None, None, None),
        ),
    ),
)


async def enter_laboratories(stage: Stage, since: datetime) -> dict[str, str]:
    """Enter them all; their numbers by nick."""
    with clock.at(since):
        return {lab.nick: await _enter(stage, lab) for lab in LABS}


async def _enter(stage: Stage, lab: DemoLab) -> str:
    """One laboratory by its head: certificate, scope, two signatories, places."""
    head, clerk = stage.head(lab.slug), stage.people.with_role(lab.slug, Role.LAB_CLERK)[0]
    draft = LaboratoryDraft(
        name_zh=lab.name_zh,
        name_en=lab.name_en,
        address=lab.address,
        contact=clerk.name,
        phone=f"023-6{len(lab.name_zh):02d}{lab.days:02d}{lab.capacity:03d}",
        turnaround_days=lab.days,
        capacity=lab.capacity,
        remarks=None,
    )
    number = (await register_laboratory(head, draft)).number
    last = stage.on(0) + timedelta(days=lab.left)
    certificate = await add_part(
        head,
        number,
        CertificateDraft.model_validate(
            {
                "kind": "cma",
                "number": f"2{lab.days:02d}{lab.left:04d}3405{len(lab.rows):02d}",
                "issuer": "市市场监督管理局",
                "valid_from": last - 6 * YEAR,
                "valid_to": last,
            }
        ),
    )
    names = ("field", "item", "matrix", "method", "limits", "unit", "days")
    rows = [ScopeRow.model_validate(dict(zip(names, row, strict=True))) for row in lab.rows]
    await import_scope(head, number, certificate, rows, f"demo-scope-{lab.nick}")
    fields = "、".join(dict.fromkeys(row[0] for row in lab.rows))
    for person in dict.fromkeys((head.person, stage.leader(lab.slug).person)):
        await add_part(head, number, _signatory(person, fields, stage.on(0) - YEAR, last))
    for name, lowest, highest in lab.places:
        assert clerk.person is not None
        await add_part(
            head, number, StoreDraft(name=name, lowest_c=lowest, highest_c=highest, keeper=clerk.person)
        )
    if lab.nick == "special":
        first = stage.on(8)
        closure = ClosureDraft(first_day=first, last_day=first + timedelta(days=1), reason="设备期间核查")
        await add_part(head, number, closure)
    return number


def _signatory(person: UUID | None, fields: str, first: object, last: object) -> SignatoryDraft:
    return SignatoryDraft.model_validate(
        {"person": person, "fields": fields, "valid_from": first, "valid_to": last}
    )

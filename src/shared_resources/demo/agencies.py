"""The demo's agencies and people. Names of agencies are public, codes and persons are invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared_resources.kernel.schemas.people import Office

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PASSWORD = "chongqing-197"  # noqa: S105 the demo's sign-ins are printed on start


@dataclass(frozen=True)
class DemoAgency:
    """One agency: slug for addresses, level, division code for counties, former name of 2007 if it changed,
    the office of the municipality it holds."""

    slug: str
    name_zh: str
    name_en: str
    former: str | None = None
    level: str = "municipal"
    county: str | None = None
    by_agreement: bool = False
    code: str | None = None
    office: Office | None = None


AGENCIES: Sequence[DemoAgency] = (
    DemoAgency(
        "cq-gov",
        "市政府办公厅",
        "Municipal Government Office",
        code="11500000MB9900013U",
        office=Office.GOVERNMENT,
    ),
    DemoAgency(
        "cq-legal",
        "市司法局",
        "Bureau of Justice",
        "市政府法制办公室",
        code="11500000MB9900021N",
        office=Office.LEGAL,
    ),
    DemoAgency(
        "cq-sup",
        "市监察委员会",
        "Supervisory Commission",
        "市监察局",
        code="11500000MB990003XE",
        office=Office.SUPERVISOR,
    ),
    DemoAgency("cq-data", "市大数据应用发展管理局", "Big Data Bureau", "市信息产业局", code="11500000MB9900048E"),
    DemoAgency("cq-12345", "12345 政务服务便民热线", "12345 Hotline", "市长公开电话", code="11500000MB99000569"),
    DemoAgency(
        "cq-em", "市应急管理局", "Emergency Management Bureau", "市安全生产监督管理局", code="11500000MB99000644"
    ),
    DemoAgency(
        "cq-mine",
        "国家矿山安全监察局重庆局",
        "Mine Safety Administration, Chongqing",
        "重庆煤矿安全监察局",
        level="central",
        by_agreement=True,
    ),
    DemoAgency("cq-psb", "市公安局", "Public Security Bureau", code="11500000MB9900072Y"),
    DemoAgency("cq-fire", "市消防救援总队", "Fire and Rescue Brigade", "市公安消防总队"),
    DemoAgency(
        "cq-transport", "市交通运输综合行政执法总队", "Transport Enforcement Brigade", "市交通行政执法总队"
    ),
    DemoAgency("cq-msa", "重庆海事局", "Maritime Safety Administration", level="central", by_agreement=True),
    DemoAgency(
        "cq-amr", "市市场监督管理局", "Market Regulation Bureau", "市工商行政管理局", code="11500000MB9900080R"
    ),
    DemoAgency("cq-drug", "市药品监督管理局", "Drug Regulation Bureau", "市食品药品监督管理局"),
    DemoAgency("cq-health", "市卫生健康委员会", "Health Commission", "市卫生局"),
    DemoAgency("cq-agri", "市农业农村委员会", "Agriculture Commission", "市农业局"),
    DemoAgency("cq-commerce", "市商务委员会", "Commerce Commission", "市商业委员会"),
    DemoAgency(
        "cq-culture", "市文化市场综合行政执法总队", "Culture Market Enforcement Brigade", "市文化广播电视局"
    ),
    DemoAgency("cq-urban", "市城市管理局", "Urban Management Bureau", "市市政管理委员会"),
    DemoAgency("cq-plan", "市规划和自然资源局", "Planning and Natural Resources Bureau", "市规划局"),
    DemoAgency("cq-ecoenv", "市生态环境局", "Ecology and Environment Bureau", "市环境保护局"),
    DemoAgency("cq-housing", "市住房和城乡建设委员会", "Housing Commission", "市建设委员会"),
    DemoAgency("cq-water", "市水利局", "Water Resources Bureau"),
    DemoAgency("cq-forest", "市林业局", "Forestry Bureau"),
    DemoAgency("cq-customs", "重庆海关", "Chongqing Customs", level="central", by_agreement=True),
    DemoAgency("cq-tobacco", "市烟草专卖局", "Tobacco Monopoly Bureau"),
    DemoAgency("cq-weather", "市气象局", "Meteorological Bureau"),
    DemoAgency("d-500103", "渝中区城市管理局", "Yuzhong Urban Management", level="county", county="500103"),
    DemoAgency("d-500105", "江北区市场监督管理局", "Jiangbei Market Regulation", level="county", county="500105"),
    DemoAgency("d-500112", "渝北区应急管理局", "Yubei Emergency Management", level="county", county="500112"),
    DemoAgency("d-500101", "万州区生态环境局", "Wanzhou Ecology Bureau", level="county", county="500101"),
    DemoAgency("d-500113", "巴南区交通运输委员会", "Banan Transport Commission", level="county", county="500113"),
    DemoAgency("d-500240", "石柱土家族自治县林业局", "Shizhu Forestry Bureau", level="county", county="500240"),
)
"""26 municipal and central bodies, 6 county tenants."""

LETTER_CODES: Mapping[str, str] = {
    "cq-gov": "渝府办",
    "cq-legal": "渝司",
    "cq-sup": "渝监",
    "cq-data": "渝数",
    "cq-12345": "渝热线",
    "cq-em": "渝应急",
    "cq-mine": "渝矿安",
    "cq-psb": "渝公",
    "cq-fire": "渝消",
    "cq-transport": "渝交执",
    "cq-msa": "渝海事",
    "cq-amr": "渝市监",
    "cq-drug": "渝药监",
    "cq-health": "渝卫健",
    "cq-agri": "渝农",
    "cq-commerce": "渝商务",
    "cq-culture": "渝文执",
    "cq-urban": "渝城管",
    "cq-plan": "渝规资",
    "cq-ecoenv": "渝环",
    "cq-housing": "渝建",
    "cq-water": "渝水",
    "cq-forest": "渝林",
    "cq-customs": "渝关",
    "cq-tobacco": "渝烟",
    "cq-weather": "渝气",
    "d-500103": "渝中城管",
    "d-500105": "江北市监",
    "d-500112": "渝北应急",
    "d-500101": "万州环",
    "d-500113": "巴南交",
    "d-500240": "石柱林",
}
"""How the letters of each agency are numbered; invented for the demo."""
PAPER_ONLY = frozenset({"cq-customs", "cq-tobacco", "d-500240"})
"""Agencies that have not consented to electronic transfers (TR-4a)."""

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
LABORATORY_AGENCIES = (
    "cq-drug",
    "cq-amr",
    "cq-ecoenv",
    "cq-customs",
    "cq-agri",
    "cq-psb",
    "cq-fire",
    "cq-legal",
)
"""Agencies that have a laboratory, and so somebody at its counter and two at its bench."""

GIVEN = (
    "志强",
    "丽华",
    "建国",
    "晓燕",
    "海波",
    "雪梅",
    "俊杰",
    "春兰",
    "明亮",
    "玉珍",
    "国栋",
    "佳怡",
    "文博",
    "思远",
)

CAST: Sequence[tuple[str, str, str, tuple[str, ...], str]] = (
    ("keeper", "周明远", "cq-em", ("equipment_custodian", "agency_admin"), "装备管理中心"),
    ("head", "罗建平", "cq-em", ("unit_head",), "执法总队"),
    ("duty", "何静", "cq-em", ("officer",), "值班室"),
    ("officer", "陈晓燕", "cq-amr", ("officer",), "稽查总队"),
    ("amrkeeper", "杨国栋", "cq-amr", ("equipment_custodian",), "装备室"),
    ("amrhead", "黄丽华", "cq-amr", ("unit_head",), "稽查总队"),
    ("eco", "赵海波", "cq-ecoenv", ("officer",), "执法总队"),
    ("ecokeeper", "徐雪梅", "cq-ecoenv", ("equipment_custodian", "agency_admin"), "监测装备科"),
    ("ecohead", "孙志强", "cq-ecoenv", ("unit_head",), "执法总队"),
    ("psb", "郭俊杰", "cq-psb", ("officer",), "治安总队"),
    ("psbkeeper", "马文博", "cq-psb", ("equipment_custodian",), "装备财务处"),
    ("psbhead", "胡春兰", "cq-psb", ("unit_head",), "治安总队"),
    ("transport", "林思远", "cq-transport", ("officer",), "一支队"),
    ("transportkeeper", "高玉珍", "cq-transport", ("equipment_custodian",), "装备科"),
    ("urban", "朱佳怡", "cq-urban", ("officer", "equipment_custodian"), "执法总队"),
    ("legal", "吴国栋", "cq-legal", ("auditor", "leader_in_charge"), "行政执法协调监督处"),
    ("gov", "王志强", "cq-gov", ("leader_in_charge", "clerk"), "秘书处"),
    ("sup", "张丽华", "cq-sup", ("auditor", "unit_head"), "党风政风监督室"),
    ("emleader", "李海波", "cq-em", ("leader_in_charge",), "局领导"),
    ("amrleader", "何春兰", "cq-amr", ("leader_in_charge",), "局领导"),
    ("ecoleader", "马国栋", "cq-ecoenv", ("leader_in_charge",), "局领导"),
    ("psbleader", "徐俊杰", "cq-psb", ("leader_in_charge",), "局领导"),
    ("labhead", "林海波", "cq-drug", ("unit_head",), "检验检测研究院"),
    ("labclerk", "高雪梅", "cq-drug", ("lab_clerk",), "收样室"),
    ("analyst", "徐思远", "cq-drug", ("analyst",), "理化室"),
    ("yuzhong", "刘建国", "d-500103", ("officer", "equipment_custodian"), "执法大队"),
)
"""Named sign-ins: username, name, agency, roles, unit. Every other agency gets an officer and a custodian."""

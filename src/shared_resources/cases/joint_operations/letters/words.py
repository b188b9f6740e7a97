"""Chinese words of the letters: grounds, fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from shared_resources.cases.joint_operations.schemas.operation import Adoption, PostKind, ReasonType, StartBasis
from shared_resources.kernel.schemas.asked import ScopeGround, StatutoryGround, Subfield

SCOPES: Mapping[ScopeGround, str] = {
    ScopeGround.LAW: "法律、法规、规章规定需要协助执法",
    ScopeGround.CAMPAIGN: "上级行政机关部署开展专项执法",
    ScopeGround.EMERGENCY: "共同处置突发事件",
    ScopeGround.OTHER: "其他需要实施执法联动的情形",
}
FIELDS: Mapping[Subfield, str] = {
    Subfield.COAL_MINE: "煤矿",
    Subfield.OTHER_MINE: "非煤矿山",
    Subfield.ROAD_TRAFFIC: "道路交通",
    Subfield.WATER_TRAFFIC: "水上交通",
    Subfield.FIRE: "消防",
    Subfield.CHEMICALS: "危险化学品",
    Subfield.FOOD: "食品",
    Subfield.DRUG: "药品",
    Subfield.PRODUCT: "产品质量",
    Subfield.CULTURE: "文化市场",
    Subfield.APPEARANCE: "市容市貌",
    Subfield.BUILDING: "规划区内违法建筑",
    Subfield.POLLUTION: "污染防治",
    Subfield.OTHER: "其他行政执法领域",
}
STARTS: Mapping[StartBasis, str] = {
    StartBasis.CENTRAL: "中央有关决定",
    StartBasis.MUNICIPAL: "市政府决定",
    StartBasis.LEGAL_OFFICE: "经市政府法制机构审定的联合执法申请",
}
REASONS: Mapping[ReasonType, str] = {
    ReasonType.PROMINENT: "一定时期、一定领域内违法行为较为突出",
    ReasonType.UNIFIED: "有关执法事项需要统一行动",
}
ADOPTIONS: Mapping[str, str] = {
    Adoption.ADOPTED: "采纳",
    Adoption.PARTLY: "部分采纳",
    Adoption.NOT_ADOPTED: "未采纳",
}
POSTS: Mapping[PostKind, str] = {PostKind.GENERAL: "总联络人", PostKind.DAILY: "日常联络人"}
GROUNDS: Mapping[StatutoryGround, str] = {
    StatutoryGround.OUTSIDE_POWERS: "超出本机关法定职权",
    StatutoryGround.LAW_FORBIDS: "法律、法规禁止披露或者实施",
    StatutoryGround.SECRET: "属于只能经纸质渠道办理的事项",
    StatutoryGround.OWN_EMERGENCY: "本机关正在处置法定紧急事项",
    StatutoryGround.FORCE_MAJEURE: "不可抗力",
    StatutoryGround.OBJECT_GONE: "执法对象已不存在",
    StatutoryGround.PROCEDURE: "违反法定程序",
    StatutoryGround.OTHER: "法律、法规、规章规定的其他事由",
}


def plan_name(title: str) -> str:
    """What the plan of an operation is called: the operation's own 联合… at the end is not said twice."""
    for ending in ("联合执法", "联合检查", "联合整治"):
        title = title.removesuffix(ending)
    return f"{title}联合执法方案"


def fields_text(names: tuple[str, ...] | list[str]) -> str:
    """The fields of an operation, as a list in a sentence."""
    return "、".join(FIELDS[Subfield(name)] for name in names)

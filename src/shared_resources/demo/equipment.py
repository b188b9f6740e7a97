"""The demo's equipment: kinds, models, depots and how many of each an agency owns (SAMPLE-DATA, V1–K1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

CATEGORIES: Sequence[tuple[str, str, str, str]] = (
    ("body_camera", "video", "执法记录仪", "Body-worn camera"),
    ("site_camera", "video", "移动布控球", "Portable site camera"),
    ("handheld_camera", "video", "手持摄像机", "Handheld camera"),
    ("drone", "video", "无人机", "Drone"),
    ("thermal_imager", "video", "热成像仪", "Thermal imager"),
    ("endoscope", "video", "管道内窥镜", "Pipe camera"),
    ("handheld", "radio", "对讲机", "Handheld radio"),
    ("repeater", "radio", "车载中转台", "Vehicle repeater"),
    ("satellite_phone", "radio", "卫星电话", "Satellite phone"),
    ("gas_detector", "instrument", "多参数气体检测仪", "Multi-gas detector"),
    ("sound_meter", "instrument", "声级计", "Sound-level meter"),
    ("smoke_meter", "instrument", "不透光烟度计", "Opacity smoke meter"),
    ("xrf", "instrument", "手持X射线荧光分析仪", "Handheld XRF analyser"),
    ("food_test", "instrument", "食品快检箱", "Food rapid-test box"),
    ("thickness_gauge", "instrument", "超声波测厚仪", "Ultrasonic thickness gauge"),
    ("voc", "instrument", "便携式VOC检测仪", "Portable VOC analyser"),
    ("water_meter", "instrument", "便携式水质分析仪", "Portable water analyser"),
    ("axle_scale", "instrument", "便携式轴重仪", "Portable axle scale"),
)
"""Code, resource (video, radio, instrument), Chinese and English name."""


@dataclass(frozen=True)
class DemoModel:
    """A model with its lending rules; buffers in minutes, longest loan in days."""

    category: str
    name_zh: str
    name_en: str
    maker: str
    specification: str
    checklist: tuple[str, ...]
    accessories: tuple[str, ...]
    buffers: tuple[int, int] = (0, 30)
    days: int = 7
    certified: bool = False


MODELS: Sequence[DemoModel] = (
    DemoModel("body_camera", "DSJ-4H 执法记录仪", "DSJ-4H body camera", "巴渝光电", "1080P,8 小时,128 GB",
              ("电量不低于 80%", "存储为空", "时钟偏差不超过 30 秒"), ("充电座", "肩夹", "数据线")),
    DemoModel("site_camera", "BK-200 布控球", "BK-200 site camera", "江城视讯", "5G,30 倍变焦,IP66",
              ("云台转动正常", "SIM 卡在位"), ("三脚架", "车载磁吸底座", "备用电池"), (30, 60), 10),
    DemoModel("handheld_camera", "4K 手持摄录机", "4K handheld camera", "江城视讯", "4K,20 倍光学变焦",
              ("镜头无划痕", "存储卡为空"), ("电池两块", "三脚架", "外接话筒")),
    DemoModel("drone", "M3T 轻型无人机", "M3T light drone", "长空科技", "0.9 kg,热成像与变焦",
              ("桨叶无裂纹", "实名登记标识在位", "电池无鼓包"), ("遥控器", "电池四块", "充电管家"), (60, 60), 5),
    DemoModel("thermal_imager", "T640 热成像仪", "T640 thermal imager", "渝测仪器", "640×480,−40–550 ℃",
              ("画面均匀", "校正片在位"), ("电池两块", "充电器"), (0, 30), 7, True),
    DemoModel("endoscope", "30 米管道内窥镜", "30 m pipe camera", "渝测仪器", "30 m 线缆,LED 照明",
              ("线缆无破损",), ("线盘", "显示屏")),
    DemoModel("handheld", "TC-800 数字集群对讲机", "TC-800 trunked radio", "山城通信", "800 MHz,IP67",
              ("收发正常", "编组正确"), ("电池", "充电座", "背夹"), (0, 15), 15),
    DemoModel("repeater", "CR-50 车载中转台", "CR-50 vehicle repeater", "山城通信", "50 W,双频",
              ("自检通过",), ("天线", "电源线"), (60, 60), 15),
    DemoModel("satellite_phone", "天通卫星电话", "Tiantong satellite phone", "星联", "天通一号",
              ("入网正常",), ("充电器", "备用电池"), (0, 15), 30),
    DemoModel("gas_detector", "GX-4 四合一气体检测仪", "GX-4 gas detector", "安监科仪", "CH4,O2,CO,H2S",
              ("通气测试合格", "报警声光正常"), ("标定罩", "采样泵"), (30, 60), 7, True),
    DemoModel("sound_meter", "AWA-1 级声级计", "AWA class 1 sound-level meter", "静音仪表", "1 级,含声校准器",
              ("测前校准偏差不超过 0.5 dB",), ("声校准器", "风罩", "三脚架"), (0, 30), 7, True),
    DemoModel("smoke_meter", "YD-1 不透光烟度计", "YD-1 smoke meter", "清源环保", "全流式",
              ("零点与满度正常",), ("采样探头", "打印纸"), (30, 30), 5, True),
    DemoModel("xrf", "X-5 荧光分析仪", "X-5 XRF analyser", "渝测仪器", "Mg–U,含辐射安全许可",
              ("能量校准通过", "窗口膜完好"), ("标准块", "电池两块"), (30, 30), 3, True),
    DemoModel("food_test", "农残兽残快检箱", "Food rapid-test box", "安食检测", "12 类项目",
              ("试剂在有效期内", "温度计正常"), ("移液器", "试管架"), (0, 60), 7),
    DemoModel("thickness_gauge", "CT-100 测厚仪", "CT-100 thickness gauge", "特检仪器", "0.8–200 mm",
              ("试块校验合格",), ("标准试块", "耦合剂"), (0, 30), 7, True),
    DemoModel("voc", "PID-3000 VOC 检测仪", "PID-3000 VOC analyser", "清源环保", "10.6 eV",
              ("零气与标气校验合格",), ("标气", "过滤器"), (30, 60), 5, True),
    DemoModel("water_meter", "WQ-9 多参数水质仪", "WQ-9 water analyser", "清源环保", "pH,DO,EC,NH3-N",
              ("电极活化", "标液校验合格"), ("标液套装", "采样杆"), (30, 60), 5, True),
    DemoModel("axle_scale", "DZ-30 便携轴重仪", "DZ-30 axle scale", "路安衡器", "30 t,双板",
              ("铅封完好", "零点稳定"), ("连接线", "显示终端"), (30, 30), 7, True),
)  # fmt: skip

DEPOTS: Sequence[tuple[str, str, str, str, float, float]] = (
    ("cq-em", "江北嘴应急装备库", "Jiangbeizui emergency depot", "江北区江北嘴金融街 1 号", 29.5717, 106.5745),
    ("cq-em", "长寿化工园前置库", "Changshou chemical park depot", "长寿区化中大道 8 号", 29.8236, 107.0116),
    ("cq-psb", "解放碑装备库", "Jiefangbei depot", "渝中区中华路 168 号", 29.5575, 106.5770),
    ("cq-transport", "G65 收费站装备点", "G65 toll station depot", "渝北区 G65 包茂高速收费站", 29.7180, 106.6320),
    ("cq-amr", "观音桥快检装备库", "Guanyinqiao test depot", "江北区建新北路 65 号", 29.5780, 106.5330),
    ("cq-ecoenv", "监测装备库", "Monitoring depot", "渝北区旗山路 252 号", 29.6100, 106.5130),
    ("cq-urban", "朝天门码头装备点", "Chaotianmen depot", "渝中区信义街朝天门", 29.5680, 106.5870),
    ("cq-fire", "果园港战勤库", "Guoyuan port depot", "江北区果园港", 29.6050, 106.7390),
    ("cq-customs", "果园港查验装备库", "Guoyuan customs depot", "江北区果园港海关监管区", 29.6065, 106.7405),
    ("d-500103", "渝中执法大队装备室", "Yuzhong brigade depot", "渝中区和平路 1 号", 29.5540, 106.5690),
    ("d-500113", "公路物流基地装备点", "Road logistics base depot", "巴南区重庆公路物流基地", 29.3800, 106.6300),
)
"""Owner, Chinese and English name, address, latitude and longitude (WGS-84)."""

HOURS = {str(day): [["08:30", "18:00"]] for day in range(1, 6)} | {"6": [["09:00", "12:00"]]}
ROUND_THE_CLOCK = {str(day): [["00:00", "24:00"]] for day in range(1, 8)}

STOCK: Sequence[tuple[int, str, int]] = (
    (0, "gas_detector", 10), (0, "handheld", 10), (0, "thermal_imager", 3), (0, "drone", 2),
    (0, "satellite_phone", 2),
    (1, "gas_detector", 5), (1, "thickness_gauge", 2), (1, "site_camera", 2),
    (2, "body_camera", 14), (2, "handheld", 8), (2, "drone", 3), (2, "repeater", 1),
    (3, "axle_scale", 4), (3, "body_camera", 6), (3, "smoke_meter", 2),
    (4, "food_test", 6), (4, "xrf", 2), (4, "body_camera", 5), (4, "handheld_camera", 2),
    (5, "sound_meter", 4), (5, "voc", 3), (5, "water_meter", 3), (5, "smoke_meter", 2), (5, "endoscope", 1),
    (6, "site_camera", 4), (6, "body_camera", 4), (6, "sound_meter", 1),
    (7, "thermal_imager", 2), (7, "drone", 1),
    (8, "xrf", 1),
    (9, "body_camera", 3),
    (10, "axle_scale", 1), (10, "handheld", 1),
)  # fmt: skip
"""Depot by position above, kind, how many: 120 items in all."""

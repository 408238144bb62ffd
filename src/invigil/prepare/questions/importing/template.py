"""The Excel template that people download: titles, example rows that import as they stand, and a page of notes."""

import io
from typing import Final

import xlsxwriter

TITLES: Final = (
    "题型*", "题干*", "选项A", "选项B", "选项C", "选项D", "选项E", "选项F", "答案*", "解析", "科目*", "知识点*", "难度", "出处", "案例编号",
    "媒体文件",
)  # fmt: skip
WIDTHS: Final = (10, 60, 18, 18, 18, 18, 14, 14, 14, 30, 12, 16, 8, 24, 10, 20)
EXAMPLES: Final = (
    ("单选题", "安全帽的主要作用是保护（　）。", "头部", "眼睛", "手部", "足部", "", "", "A", "安全帽用于头部防护。", "A、B、C1、C2、C3", "个体防护",
     "1", "自编", "", ""),
    ("多选题", "下列属于施工现场“三宝”的有（　）。", "安全帽", "安全带", "安全网", "绝缘手套", "", "", "ABC", "", "B、C2、C3", "高处作业", "2", "自编",
     "", ""),
    ("判断题", "配电箱的门可以不上锁。", "", "", "", "", "", "", "错", "", "C1、C3", "施工用电", "1", "自编", "", ""),
    ("填空题", "安全生产工作坚持____第一、____为主、综合治理。", "", "", "", "", "", "", "安全；预防", "", "A、B", "法律法规", "2", "自编", "", ""),
    ("案例题", "某工地脚手架在雨后坍塌，造成 3 人死亡。", "", "", "", "", "", "", "", "", "B、C3", "事故处理", "4", "自编", "案例1", ""),
    ("单选题", "该事故的等级是（　）。", "一般事故", "较大事故", "重大事故", "特别重大事故", "", "", "B", "", "", "", "", "", "案例1", ""),
    ("判断题", "事故现场有关人员应当立即报告本单位负责人。", "", "", "", "", "", "", "对", "", "", "", "", "", "案例1", ""),
)  # fmt: skip
NOTES: Final = (
    "带 * 的列必须填写；标题行不要改动。示例行会被当作题目导入，填写前请删除。",
    "题型：单选题、多选题、判断题、填空题、案例题。",
    "答案：单选填一个字母；多选填字母，如 ABD；判断填 对 或 错（√ × 正确 错误 也可以）。",
    "填空题：题干里用四个下划线 ____ 表示一个空；答案按空的顺序填写，空与空之间用 ； 分开，同一空的几种写法用 / 分开，如：一/1；较大。",
    "案例题：第一行写背景材料，不填答案；随后各行写小题，“案例编号”与背景那一行相同。科目、知识点、难度只在背景那一行填写。",
    "科目：一道题可以属于几个科目，用、分开，如 A、B、C1。",
    "难度：1（最易）至 5（最难），不填按 3。",
    "媒体文件：写文件名，如 塔吊.png；音频写成【音频：广播.mp3；限播2次；说明：疏散广播】，视频写成【视频：演示.mp4】。文件与本表一起压缩成 .zip 上传。",
    "导入分两步：上传后先看预览，逐题核对存疑之处，确认后才进入题库。",
)


def write_template() -> bytes:
    """Return the template as an .xlsx; its example rows import without a doubt."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        title = book.add_format(
            {"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        cell = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        sheet = book.add_worksheet("题目")
        sheet.freeze_panes(1, 2)
        for column, (text, width) in enumerate(zip(TITLES, WIDTHS, strict=True)):
            sheet.set_column(column, column, width, cell)
            sheet.write_string(0, column, text, title)
        for row, example in enumerate(EXAMPLES, start=1):
            for column, text in enumerate(example):
                sheet.write_string(row, column, text, cell)
        sheet.data_validation(
            1, 0, 5_000, 0, {"validate": "list", "source": ["单选题", "多选题", "判断题", "填空题", "案例题"]}
        )
        sheet.data_validation(1, 12, 5_000, 12, {"validate": "list", "source": ["1", "2", "3", "4", "5"]})
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 110, cell)
        for row, text in enumerate(NOTES):
            notes.write_string(row, 0, text, cell)
    return out.getvalue()

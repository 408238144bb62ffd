"""Documents as training companies, publishers and colleagues keep them, built by code, with what a person reads in them.

A question is written as its type and answer: "single A", "multiple ABD", "true_false right", "fill_in 安全; 预防",
"case single A, true_false wrong".
"""

import io
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import xlsxwriter
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tests.unit.prepare.questions.documents import lines_file, numbered, use_numbering, word_file


class Realistic(NamedTuple):
    """A document and what it says. doubts: codes that must be raised; whatever else is raised lowers the share."""

    name: str
    content: bytes
    questions: tuple[str, ...]
    doubts: tuple[str, ...] = ()


def _text(name: str, text: str, *questions: str, doubts: tuple[str, ...] = ()) -> Realistic:
    """A text, as a .docx with one paragraph per line."""
    return Realistic(name, lines_file(*text.strip("\n").split("\n")), questions, doubts)


TEXTS = (
    _text("circled marks", """一、单选题（每题1分，共3分）
1、进入施工现场应当佩戴（ ② ）。
①草帽 ②安全帽 ③礼帽 ④棉帽
2. 安全带应当（①）。
① 高挂低用
② 低挂高用
3．安全网的作用是（　　）
①防晒；②防坠落；③防雨
答案：②""", "single B", "single A", "single B"),
    _text("circled answer list", """单选题
1、安全帽保护（ ）
①头部 ②足部
2、绝缘鞋保护（ ）
①头部 ②足部
参考答案：
1.① 2.②""", "single A", "single B"),
    _text("bracketed capitals", """单选题
1. 安全网的作用是（ ）
[A] 防坠落 [B] 防晒 [C] 防雨 [D] 美观
答案：[A]
2. 下列是警告标志的是（　　）
(A)当心触电 (B)禁止吸烟 (C)必须戴安全帽 (D)紧急出口
【答案】（A）
3. 下列是指令标志的是
【A】当心触电【B】禁止吸烟【C】必须戴安全帽
【正确答案】C""", "single A", "single A", "single C"),
    _text("small letters", """单选题
1. 配电箱应当
a. 上锁
b. 敞开
c. 悬空
答案：a
2. 开关箱应当
a、一机一闸 b、一闸多机 c、共用
参考答案：A
多选题
1. 三级教育包括
(a) 公司 (b) 项目 (c) 家庭 (d) 班组
答案：abd""", "single A", "single A", "multiple ABD"),
    _text("heavenly stems", """单选题
1、脚手架拆除顺序是（ 甲 ）
甲、自上而下 乙、自下而上 丙、同时
2、作业人员应当（ ）
甲．持证上岗
乙．无证上岗
丙．替人上岗
答案：甲""", "single A", "single A"),
    _text("ticks of every kind", """判断题
1. 高处作业必须系安全带。 T
2. 可以带电移动设备。（F）
3. 灭火器应当定期检查。（正确）
4. 雨天可以露天焊接 (错误)
5. 动火作业应当审批。[√]
6. 夜间施工不需要照明。[x]
7. 吊装区应当设警戒线。（✓）
8、脚手板可以不固定。（ 错 ）""",
        "true_false right", "true_false wrong", "true_false right", "true_false wrong", "true_false right", "true_false wrong",
        "true_false right", "true_false wrong"),
    _text("ranges per section", """一、单项选择题(每题1分,共3分)
1. 甲题（ ）
A.一 B.二 C.三 D.四
2. 乙题（ ）
A.一 B.二 C.三 D.四
3. 丙题（ ）
A.一 B.二 C.三 D.四
二、多项选择题
4. 丁题（ ）
A.一 B.二 C.三 D.四
三、判断题
5. 戊题（ ）
6. 己题（ ）
参考答案
一、单项选择题
1-3 ABD
二、多项选择题
4. ABD
三、判断题
5. √ 6. ×""", "single A", "single B", "single D", "multiple ABD", "true_false right", "true_false wrong"),
    _text("one answer line at the end", """单选题
1、甲（ ）
A、一 B、二
2、乙（ ）
A、一 B、二
3、丙（ ）
A、一 B、二
答案：1.A 2.B 3.A""", "single A", "single B", "single A"),
    _text("stems that begin with digits", """单选题
1. 2021年修订的《安全生产法》自（ B ）起施行。
A. 2021年6月10日
B. 2021年9月1日
2. 3m以上的高处作业应当（ A ）。
A. 系安全带 B. 不系安全带
3、10 kV 线路的安全距离是（ A ）米。
A.0.7 B.1.0 C.1.5 D.3.0
4、100人以上的工地应当设（ A ）。
A.专职安全员 B.兼职安全员""", "single B", "single A", "single A", "single A"),
    _text("a digit touches the number", """单选题
1.甲（A）
A.一 B.二
2.3m以上属于高处作业，坠落（ B ）。
A.无所谓 B.很危险
3.5人以上应当（ A ）
A.登记 B.不登记""", "single A", "single B", "single A", doubts=("number_touches_digits", "number_touches_digits")),
    _text("letters in the stem", """单选题
1. 关于A类证书，说法正确的是（ B ）。
A. 由B类人员持有
B. 由主要负责人持有
2. 甲级（A. 级）防火门的耐火极限是（ A ）小时。
A. 1.5 B. 1.0 C. 0.5 D. 2.0
3. 下图中A点的电压为（ C ）V。
A.110 B.220 C.36 D.380
4. C1、C2、C3 类人员统称为（ A ）。
A. 专职安全生产管理人员 B. 项目负责人""", "single B", "single A", "single C", "single A"),
    _text("cases with sub-questions", """案例题
【案例一】某工地塔吊倾覆，造成2人死亡。
根据以上材料，回答下列问题：
(1) 该事故属于（ A ）事故。
A. 一般 B. 较大 C. 重大 D. 特别重大
(2) 事故应当在（ ）小时内上报。
A. 1 B. 2 C. 12 D. 24
答案：A
解析：第九条。
(3) 现场应当保护。（√）
材料二：某基坑坍塌。
1. 开挖深度超过3m属于危大工程。
答案：正确
2. 应当编制____。
答案：专项施工方案""", "case single A, single A, true_false right", "case true_false right, fill_in 专项施工方案"),
    _text("cases without numbers", """五、案例题
某工地塔吊倾覆，造成2人死亡。
现场未设专职安全员。
（1）该事故等级为（ ）
A、一般事故 B、较大事故 C、重大事故
（2）应当由有资质的单位安装。（ ）
参考答案：（1）A （2）√
六、案例分析题
1、甲工地坍塌。
（1）等级（ ）
A、一般 B、较大
（2）应当上报。（ ）
答案：（1）B；（2）√  解析：见规程第九条。
2、乙工地坠落。
（1）等级（ ）
A、一般 B、较大
（2）可以隐瞒。（ ）
答案：（1）A；（2）×""", "case single A, true_false right", "case single B, true_false right", "case single A, true_false wrong"),
    _text("case with labels", """案例分析题
背景资料：
某工地塔吊倾覆，造成2人死亡。
问题：
1、该事故等级为（ ）
A、一般事故 B、较大事故
答案：A
2、应当由有资质的单位安装。（ ）
答案：√""", "case single A, true_false right"),
    _text("second case without a number", """案例题
某工地塔吊倾覆。
（1）应当由有资质的单位安装。（ ）
答案：√
某基坑坍塌。
（1）基坑深度超过（ ）属危大工程。
A、3米 B、1米
答案：A""", "case true_false right", "case single A", doubts=("no_number",)),
    _text("answers of cases at the end", """案例题
1、甲事故。
（1）等级（ ）
A、一般 B、较大
（2）应当上报。（ ）
2、乙事故。
（1）等级（ ）
A、一般 B、较大
（2）可以隐瞒。（ ）
参考答案
1、（1）A（2）√
2、（1）B（2）×""", "case single A, true_false right", "case single B, true_false wrong"),
    _text("labels in brackets", """多选题
1．施工现场应当保护的“口”包括（ABD）
A．楼梯口
B．电梯井口
C．窗口
D．预留洞口
【考点】四口五临边
【难度】较易
【分值】2分
【解析】通道口也是。
2．下列属于特种作业的有（　　）
A．电工 B．焊工 C．瓦工 D．架子工
正确答案：A、B、D
难度：3
分值：2
考点：特种作业
解析：略""", "multiple ABD", "multiple ABD"),
    _text("blanks of every kind", """填空题
1. 安全生产方针是____第一、______为主、综合治理。
答案：安全；预防
2. 高处作业是指坠落高度基准面（　　）m及以上的作业。
【答案】2
3. 安全电压为＿＿＿V。
答案：36
4. 事故分为______级。
参考答案：四/4""", "fill_in 安全; 预防", "fill_in 2", "fill_in 36", "fill_in 四/4"),
    _text("all on one line", """单选题
1.安全色中红色表示（A）A.禁止B.警告C.指令D.提示
2.黄色表示( B )A、禁止B、警告C、指令D、提示
3.蓝色表示（）A禁止 B警告 C指令 D提示 答案：C
4.绿色表示（ Ｄ ）Ａ．禁止　Ｂ．警告　Ｃ．指令　Ｄ．提示""", "single A", "single B", "single C", "single D"),
    _text("types in the stem", """1、（单选题）安全帽的颜色应当（A）。
A、统一 B、随意
2、【多选题】下列属于防护用品的是（AB）。
A、安全帽 B、安全带 C、手机
3、【判断题】可以酒后上岗。（错）
4、(填空题)安全帽保护____。
答案：头部""", "single A", "multiple AB", "true_false wrong", "fill_in 头部"),
    _text("answers in many words", """单选题
1、甲（ ）
A.一
B.二
【正确答案】：A
2、乙（ ）
A.一
B.二
[答案]B
3、丙（ ）
A.一
B.二
答：A
4、丁（ ）
A.一
B.二
标准答案 ：B
5、戊（ ）
A.一
B.二
答案选A
6、己（ ）
A.一
B.二
本题答案为B。
7、庚（ ）
A.一
B.二
故选：A""", "single A", "single B", "single A", "single B", "single A", "single B", "single A"),
    _text("chapters", """第一章 法律法规
一、单选题
1、甲（A）
A、一 B、二
二、判断题
1、乙。（×）
第二章 施工用电
一、单选题
1、丙（B）
A、一 B、二""", "single A", "true_false wrong", "single B"),
    _text("numbers in brackets", """一、单选题
（1）甲（A）
A、一 B、二
（2）乙（B）
A、一 B、二
二、判断题
（1）丙。（√）""", "single A", "single B", "true_false right"),
    _text("the word question", """单选题
第1题 甲（ ）
A、一
B、二
答案：A
第2题：乙（ ）
A、一
B、二
答案：B""", "single A", "single B"),
    _text("page marks between", """单选题
1、甲（A）
A、一
B、二
第 1 页 共 3 页
2、乙（B）
A、一
- 2 -
B、二""", "single A", "single B"),
    _text("sentences numbered in the stem", """多选题
1、下列说法正确的有（ AC ）。
①应当戴帽；②应当系带；③应当穿鞋。
A、①② B、② C、①③""", "multiple AC"),
    _text("wrapped lines", """单选题
1、根据规定，施工单位应当对管理人员和作业人员
每年至少进行（ A ）安全生产教育培训。
A、一次，其教育培训情况
记入个人工作档案
B、两次""", "single A"),
    _text("true or false as options", """单选题
1、可以酒后上岗。（ B ）
A、正确 B、错误
判断题
1、应当持证上岗。（ A ）
A、对 B、错""", "single B", "true_false right"),
    _text("answers explained at the end", """单选题
1、甲（ ）
A、一 B、二
2、乙（ ）
A、一 B、二
答案及解析
1.【答案】A 【解析】第一条。
2.【答案】B 【解析】第二条。""", "single A", "single B"),
    _text("without what cannot be known", """单选题
1、没有答案（ ）
A、一 B、二
2、答案看不懂（ ）
A、一 B、二
答案：见教材""", "single none", "single none", doubts=("no_answer", "answer_unreadable", "no_answer")),
)  # fmt: skip


# -- what only Word can do ----------------------------------------------------------------------------------------------


def _run(text: str, properties: str = "") -> str:
    return f'<w:r {nsdecls("w")}>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def _append(document: Document, text: str, *xml: str) -> None:
    paragraph = document.add_paragraph(text)
    for one in xml:
        paragraph._p.append(parse_xml(one))


def _automatic(document: Document) -> None:
    use_numbering(document)
    numbered(document, "单选题", 2)
    for answer in "AB":
        numbered(document, f"2021 年施行的是（{answer}）", 1)
        numbered(document, "安全生产法", 1, 1)
        numbered(document, "旧法", 1, 1)


def _soft_breaks(document: Document) -> None:
    document.add_paragraph("单选题")
    run = document.add_paragraph("1. 开关箱应当（ C ）").add_run()
    for option in ("A. 一箱多机", "B. 不设漏保", "C. 一机一闸"):
        run.add_break(WD_BREAK.LINE)
        run.add_text(option)


def _headers(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "内部资料 注意保密"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("判断题")
    document.add_paragraph("1、动火要审批。（√）")


def _tracked(document: Document) -> None:
    document.add_paragraph("判断题")
    deleted = f"<w:del {nsdecls('w')}><w:r><w:delText>低挂高用</w:delText></w:r></w:del>"
    _append(document, "1、安全带应当", deleted, f"<w:ins {nsdecls('w')}>{_run('高挂低用')}</w:ins>", _run("。（√）"))


def _hidden(document: Document) -> None:
    document.add_paragraph("单选题")
    _append(document, "1、安全帽保护（ ）", _run("答案是B", "<w:rPr><w:vanish/></w:rPr>"))
    document.add_paragraph("A、头部 B、足部")
    document.add_paragraph("答案：A")


def _formula(document: Document) -> None:
    document.add_paragraph("单选题")
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    fraction = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    _append(document, "1、坡度为（A）：", f"<m:oMath {math}>{fraction}</m:oMath>")
    document.add_paragraph("A、对 B、错 C、不知道")


def _object(document: Document) -> None:
    document.add_paragraph("判断题")
    _append(document, "1、公式", f"<w:r {nsdecls('w')}><w:object/></w:r>", _run("成立。（√）"))


def _shape(document: Document) -> None:
    document.add_paragraph("判断题")
    _append(document, "1、如图", f"<w:r {nsdecls('w')}><w:drawing/></w:r>", _run("所示，正确。（√）"))


def _text_box(document: Document) -> None:
    document.add_paragraph("单选题")
    inner = "".join(f"<w:p>{_run(text)}</w:p>" for text in ("A、头部", "B、足部"))
    box = f"<w:r {nsdecls('w')}><w:pict><w:txbxContent>{inner}</w:txbxContent></w:pict></w:r>"
    _append(document, "1、安全帽保护（A）", box)


def _table(document: Document) -> None:
    document.add_paragraph("单选题")
    document.add_paragraph("1、当心触电属于（ B ）标志")
    table = document.add_table(rows=2, cols=2)
    cells = [*table.rows[0].cells, *table.rows[1].cells]
    for cell, words in zip(cells, ("A. 禁止", "B. 警告", "C. 指令", "D. 提示"), strict=True):
        cell.text = words


def _answer_table(document: Document) -> None:
    document.add_paragraph("单选题")
    for number in (1, 2):
        document.add_paragraph(f"{number}、题（ ）")
        document.add_paragraph("A、一 B、二")
    document.add_paragraph("参考答案")
    table = document.add_table(rows=2, cols=3)
    for row, words in zip(table.rows, (("题号", "1", "2"), ("答案", "A", "B")), strict=True):
        for cell, word in zip(row.cells, words, strict=True):
            cell.text = word


def _inserted(document: Document) -> None:
    document.add_paragraph("判断题")
    document.add_paragraph("1、动火要审批。（√）")
    document._body._element.insert(2, parse_xml(f"<w:altChunk {nsdecls('w')}/>"))


WORDS: tuple[tuple[Callable[[Document], object], tuple[str, ...], tuple[str, ...]], ...] = (
    (_automatic, ("single A", "single B"), ()),
    (_soft_breaks, ("single C",), ()),
    (_headers, ("true_false right",), ()),
    (_tracked, ("true_false right",), ("tracked_changes",)),
    (_hidden, ("single A",), ("hidden_text_left_out",)),
    (_formula, ("single A",), ("formula_flattened",)),
    (_object, ("true_false right",), ("object_not_read",)),
    (_shape, ("true_false right",), ("drawing_not_read",)),
    (_text_box, ("single A",), ("text_box",)),
    (_table, ("single B",), ()),
    (_answer_table, ("single A", "single B"), ()),
)


# -- workbooks ----------------------------------------------------------------------------------------------------------


def workbook(rows: Sequence[Sequence[Any]], dress: Callable[[Any, Any], object] = lambda _book, _sheet: None) -> bytes:
    """Return a workbook of one sheet. dress: hides and draws."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("题目")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        dress(book, sheet)
    return out.getvalue()


ROWS = (
    ("题型", "题干", "A", "B", "C", "答案"),
    ("单选题", "安全帽保护（ ）", "头部", "足部", "手部", "A"),
    ("多选题", "三宝包括（ ）", "安全帽", "安全带", "手机", "AB"),
    ("判断", "可以酒后上岗", "", "", "", "错"),
)
READ = ("single A", "multiple AB", "true_false wrong")


WORKBOOKS = (
    Realistic("a plain workbook", workbook(ROWS), READ),
    Realistic("a hidden row", workbook(ROWS, lambda _b, sheet: sheet.set_row(2, None, None, {"hidden": True})), READ, ("row_hidden",)),
    Realistic(
        "a hidden column", workbook(ROWS, lambda _b, sheet: sheet.set_column(5, 5, None, None, {"hidden": True})), READ, ("column_hidden",) * 3
    ),
)  # fmt: skip


def list_documents() -> list[Realistic]:
    """Return every document."""
    words = (Realistic(write.__name__.strip("_"), word_file(write), *more) for write, *more in WORDS)
    return [*TEXTS, *words, *WORKBOOKS]

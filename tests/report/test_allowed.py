"""What passes into a report and what does not, whatever an output or a customer's text brings."""

import pytest

from tpm_widgets.report.allowed import only_allowed

PIXEL = "data:image/png;base64,iVBORw0KGgo="


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<script>x()</script>a", "a"),
        ("<p onclick='x()'>a</p>", "<p>a</p>"),
        ("<svg onload=x()><script>x()</script></svg>a", "a"),
        ("<math><mtext><style><img src=x onerror=x()></style></mtext></math>a", "a"),
        ("<iframe srcdoc='<script>x()</script>'></iframe>a", "a"),
        ("<object data='//e.org/a.swf'></object><embed src='//e.org/a'>a", "a"),
        (
            "<link rel=stylesheet href=//e.org/a.css><meta http-equiv=refresh content=0><base href=//e.org>a",
            "a",
        ),
        ("<style>p { background: url(//e.org/a.png) }</style>a", "a"),
        (
            "<form action=//e.org><input autofocus onfocus=x()><button formaction=javascript:x()>a</form>",
            "a",
        ),
        ("<video poster='//e.org/a.png' src='//e.org/a.mp4'></video><audio src='//e.org/a'></audio>a", "a"),
        ("<a href='javascript:x()'>a</a>", "<a>a</a>"),
        ("<a href=' JaVaScRiPt:x()'>a</a>", "<a>a</a>"),
        ("<a href='java\tscript:x()'>a</a>", "<a>a</a>"),
        ("<a href='&#106;avascript:x()'>a</a>", "<a>a</a>"),
        ("<a href='vbscript:x()'>a</a>", "<a>a</a>"),
        ("<a href='data:text/html,<script>x()</script>'>a</a>", "<a>a</a>"),
        ("<a href=' data:text/html,x'>a</a>", "<a>a</a>"),
        ("<img src='http://e.org/a.png' alt='a'>", '<img alt="a">'),
        ("<img src='//e.org/a.png' srcset='//e.org/b.png 2x' alt='a'>", '<img alt="a">'),
        ("<img src='data:text/html,<script>x()</script>' alt='a'>", '<img alt="a">'),
        ("<p style='background:url(//e.org/a.png);color:red'>a</p>", '<p style="color:red">a</p>'),
        ("<p style='position:fixed;top:0;z-index:9'>a</p>", '<p style="">a</p>'),
        ("<p style='list-style-image:url(//e.org/a)'>a</p>", '<p style="">a</p>'),
        ("<table background='//e.org/a.png'></table>", "<table></table>"),
        ("<!-- a --><![CDATA[<script>x()</script>]]>", "x()]]&gt;"),
        (
            "<noscript><p title='</noscript><img src=x onerror=x()>'></noscript>",
            "&lt;p title='<img>'&gt;",
        ),
    ],
)
def test_what_could_run_or_be_fetched_does_not_pass(html, left):
    assert only_allowed(html) == left


@pytest.mark.parametrize(
    "html",
    [
        f'<img src="{PIXEL}" alt="a" width="640" style="max-width:100%;height:auto">',
        '<table class="tpm-table wide" border="1"><thead><tr><th colspan="2" scope="col">a</th></tr></thead></table>',
        '<div role="alert" style="line-height:1.4;border-left:4px solid #b00020;padding:1em">a</div>',
        '<details class="code"><summary>Code</summary></details>',
        '<a href="#part">a</a><a href="https://doi.org/10.1">b</a><a href="02_strategy.ipynb">c</a>',
        "&lt;script&gt;x()&lt;/script&gt; 5 &lt; 6 &amp; 7",
    ],
)
def test_what_we_write_passes_as_it_is(html):
    assert only_allowed(html) == html

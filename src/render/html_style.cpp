#include "render/html_style.hpp"

namespace tuner::render {

/// The contrast of text is at least 4.5:1 in both schemes (WCAG 2.1, 1.4.3). A key is broken behind
/// its dots alone: half a key is not a key. What is wider than the page scrolls in a box of its
/// own.
const std::string_view kHtmlStyle = R"css(
:root{color-scheme:light dark;--back:#fff;--text:#1b1f23;--soft:#57606a;--card:#f6f8fa;--line:#d0d7de;
--error:#a40e26;--warning:#7d4e00;--info:#0550ae;--good:#116329;--bar:#6e7781;--link:#0550ae}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--text:#e6edf3;--soft:#a3adb8;--card:#161b22;
--line:#30363d;--error:#ff8b80;--warning:#f0b456;--info:#79c0ff;--good:#6fdd8b;--bar:#8b949e;--link:#79c0ff}}
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0 auto;padding:1rem;max-width:64rem;background:var(--back);color:var(--text);
font:16px/1.5 system-ui,sans-serif;overflow-wrap:break-word}
h1{font-size:1.4rem;margin:.5rem 0 0;overflow-wrap:anywhere}h2{font-size:1.1rem;margin:2rem 0 .5rem}
h3{font-size:1rem;margin:0 0 .25rem}p{margin:.25rem 0}ul,ol{margin:.25rem 0;padding-left:1.25rem}
li{margin:.4rem 0}a{color:var(--link)}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{margin:.4rem 0;padding:.5rem .75rem;background:var(--card);border:1px solid var(--line);
border-radius:4px;overflow-x:auto;user-select:all;-webkit-user-select:all}
.soft,footer,th,dt{color:var(--soft)}.verdict{font-size:1.15rem;margin:.75rem 0}
.card{background:var(--card);border:1px solid var(--line);border-left-width:4px;border-radius:4px;
padding:.75rem 1rem;margin:.75rem 0}.card .card{margin:.5rem 0 0;border-left-width:1px}
.card pre{background:var(--back)}
.card.error{border-left-color:var(--error)}.card.warning{border-left-color:var(--warning)}
.card.info{border-left-color:var(--info)}
.label{display:inline-block;font-weight:600;font-size:.8rem;text-transform:uppercase;letter-spacing:.03em}
.label.error{color:var(--error)}.label.warning{color:var(--warning)}.label.info{color:var(--info)}
.good{color:var(--good)}h3 .soft{font-weight:400}
dl{margin:.5rem 0 0;display:grid;grid-template-columns:5rem minmax(0,1fr);gap:.15rem .75rem}
dt,dd{margin:0}
.table{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem .3rem 0;border-bottom:1px solid var(--line)}
th{white-space:nowrap}.long{overflow-wrap:anywhere}td .long{display:inline-block;min-width:12rem}
a .long{text-decoration:underline}td .id{white-space:nowrap}
.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer}
th[aria-sort=ascending]::after{content:" \25b2"}th[aria-sort=descending]::after{content:" \25bc"}
nav ul{columns:20rem}nav li{margin:.1rem 0;break-inside:avoid}
.controls label{margin-right:1rem;white-space:nowrap}.controls select,.controls input{font:inherit;max-width:100%}
.gauge{margin:.6rem 0}.track{height:.6rem;background:var(--card);border:1px solid var(--line);
border-radius:3px;overflow:hidden}
.fill{height:100%;background:var(--bar)}.fill.warning{background:var(--warning)}
.fill.error{background:var(--error)}
summary{cursor:pointer;margin:.25rem 0}footer{margin-top:2.5rem;font-size:.85rem}
@media screen{.tall{max-height:75vh;overflow:auto}.tall th{position:sticky;top:0;background:var(--back)}}
@media (max-width:30rem){dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.3rem}}
@media print{:root{color-scheme:light;--back:#fff;--text:#1b1f23;--soft:#57606a;--card:#f6f8fa;--line:#d0d7de;
--error:#a40e26;--warning:#7d4e00;--info:#0550ae;--good:#116329;--bar:#6e7781;--link:#0550ae}
body{max-width:none;padding:0;font-size:11pt}.gauge,tr,pre,dd{break-inside:avoid}h2,h3,dt{break-after:avoid}
.table,pre{overflow:visible}pre{white-space:pre-wrap}td .long{min-width:0}.controls{display:none}
details::details-content{content-visibility:visible;display:block}
.fill,.track{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
)css";

const std::string_view kHtmlScript = R"js(
const controls = document.querySelector('.controls');
const [severity, host] = controls.querySelectorAll('select, input');
controls.hidden = false;
controls.addEventListener('input', () => {
  for (const one of document.querySelectorAll('[data-severity]')) {
    const name = one.cells ? one.cells[0].textContent.toLowerCase() : host.value.toLowerCase();
    one.hidden = !name.includes(host.value.toLowerCase()) ||
      severity.value !== '' && severity.value !== one.dataset.severity;
  }
});
for (const head of document.querySelectorAll('th')) {
  const button = document.createElement('button');
  button.append(...head.childNodes);
  head.append(button);
  button.addEventListener('click', () => {
    const text = row => row.cells[head.cellIndex].textContent;
    const order = (head.ariaSort || (head.className ? '' : 'descending')) === 'descending' ? 1 : -1;
    for (const other of head.parentNode.cells) other.removeAttribute('aria-sort');
    head.setAttribute('aria-sort', order > 0 ? 'ascending' : 'descending');
    const body = head.closest('table').tBodies[0];
    body.append(...[...body.rows].sort((one, other) =>
      order * text(one).localeCompare(text(other), 'en', {numeric: true})));
  });
}
)js";

const std::string_view kHtmlScriptHash = "sha256-P+Dd9lTLnkHp+UMJSRKxwzDJL1zu21Y8/iiAOz2fc3A=";

}  // namespace tuner::render

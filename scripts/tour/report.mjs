/** The tour as one HTML page that needs no other file: it can be mailed or kept as a build's artefact. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

const STYLE = `
:root { color-scheme: light dark; --ground: #f6f5f1; --card: #ffffff; --ink: #1c1e21; --dim: #60656c; --line: #dddad2;
  --ok: #00704f; --bad: #b03a00; --ok-ground: #e2f3ec; --bad-ground: #fbe7dc; }
@media (prefers-color-scheme: dark) { :root { --ground: #14161a; --card: #1d2026; --ink: #e9e7e1; --dim: #9aa0a8;
  --line: #30343c; --ok: #4fd0a0; --bad: #ff9a66; --ok-ground: #16332a; --bad-ground: #3d2418; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 78rem; padding: 2.5rem 1.5rem 4rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; }
header { margin-bottom: 2rem; }
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.2; }
h2 { margin: 2.75rem 0 1rem; font-size: 1.25rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem; margin: 0; padding: 0; list-style: none; }
.facts li, .mark { border-radius: 99px; padding: .15rem .75rem; background: var(--card); border: 1px solid var(--line); }
.mark { border: 0; font-weight: 600; }
.ok { color: var(--ok); background: var(--ok-ground) !important; }
.bad { color: var(--bad); background: var(--bad-ground) !important; }
article { display: grid; grid-template-columns: minmax(0, 3fr) minmax(15rem, 2fr); gap: 1.5rem; padding: 1rem;
  margin-bottom: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
@media (max-width: 50rem) { article { grid-template-columns: 1fr; } }
article img { display: block; width: 100%; border-radius: 6px; border: 1px solid var(--line); }
.number { color: var(--dim); font-size: .85rem; letter-spacing: .02em; }
.sentence { margin: .25rem 0 1rem; font-size: 1.08rem; }
.expectations { margin: 0; padding: 0; list-style: none; font: .86rem/1.5 ui-monospace, monospace; }
.expectations li { display: grid; grid-template-columns: 1.4rem 1fr; padding: .1rem .4rem; border-radius: 5px;
  margin-bottom: .2rem; overflow-wrap: anywhere; }
.problems { padding: 1rem 1rem 1rem 2rem; border-radius: 12px; }
code { color: var(--dim); font-size: .8rem; overflow-wrap: anywhere; }
`;

/** Writes index.html beside the screenshots and returns its path. */
export async function writeReport(tour, folder) {
  const file = path.join(folder, 'index.html');
  await writeFile(file, reportPage(tour));
  return file;
}

/** The whole page as text. */
export function reportPage(tour) {
  const title = 'Faultline: the tour as the window showed it';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${title}</h1>
<ul class="facts">${facts(tour).join('')}</ul>
</header>
${problems(tour.problems)}
<main>
${chapters(tour.shots).map(chapterPart).join('\n')}
</main>
</body>
</html>
`;
}

function facts({ steps, failed, problems: found, runtime, shots }) {
  const checked = shots.reduce((sum, shot) => sum + shot.expectations.length, 0);
  const good = failed === 0 && found.length === 0;
  return [
    `<li class="mark ${good ? 'ok' : 'bad'}">${good ? '✓ every expectation held' : `✗ ${failed} failed`}</li>`,
    `<li>${steps} steps</li>`,
    `<li>${checked} expectations shown</li>`,
    `<li>${escapeHtml(runtime)}</li>`,
  ];
}

function problems(found) {
  if (found.length === 0) return '';
  return `<ul class="problems bad">${found.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

/** Neighbouring shots with the same chapter, together. */
function chapters(shots) {
  const groups = [];
  for (const shot of shots) {
    if (groups.at(-1)?.title !== shot.chapter) groups.push({ title: shot.chapter, shots: [] });
    groups.at(-1).shots.push(shot);
  }
  return groups;
}

function chapterPart({ title, shots }) {
  return `<section>${title ? `<h2>${escapeHtml(title)}</h2>` : ''}\n${shots.map(shotPart).join('\n')}\n</section>`;
}

function shotPart({ step, name: shot, sentence, expectations, hash, file, thumbnail }) {
  const asks = shot.endsWith('-question');
  const name = asks ? `step ${step + 1}, the question` : step === 0 ? 'before the first step' : `step ${step}`;
  return `<article>
<a href="${file}"><img src="data:image/jpeg;base64,${thumbnail}" alt="The window: ${name}"></a>
<div><div class="number">${name}</div>
<p class="sentence">${escapeHtml(sentence)}</p>
<ul class="expectations">${expectations.map(expectationPart).join('')}</ul>
${hash ? `<code>state ${escapeHtml(hash)}</code>` : ''}</div>
</article>`;
}

function expectationPart({ text, ok }) {
  return `<li class="${ok ? 'ok' : 'bad'}"><span aria-label="${ok ? 'held' : 'failed'}">${ok ? '✓' : '✗'}</span>${escapeHtml(text)}</li>`;
}

/** Text made safe for element content and attribute values. */
export function escapeHtml(text) {
  const names = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (letter) => names[letter]);
}

import { expect, it } from 'vitest';
import { reportPage } from './report.mjs';

const shot = (step, change = {}) => ({
  step,
  name: `00${step}`,
  chapter: 'Fork <shares>',
  sentence: `Step ${step}`,
  hash: 'ab12',
  expectations: [{ text: 'p0.rss == 6 && "x"', ok: true }],
  file: `00${step}.png`,
  thumbnail: 'AAAA',
  ...change,
});

it('shows every step with its expectations and needs no other file', () => {
  const page = reportPage({ runtime: 'Electron 1', steps: 1, failed: 0, problems: [], shots: [shot(0), shot(1)] });
  expect(page).toContain('before the first step');
  expect(page).toContain('p0.rss == 6 &amp;&amp; &quot;x&quot;');
  expect(page.match(/<h2>/g)).toHaveLength(1);
  expect(page).toContain('Fork &lt;shares&gt;');
  expect(page).not.toMatch(/<(link|script)|src="(?!data:)/);
});

it('names a question after the step that it asks about', () => {
  const question = shot(2, { name: '003-question' });
  expect(reportPage({ runtime: '', steps: 3, failed: 0, problems: [], shots: [question] })).toContain(
    'step 3, the question',
  );
});

it('says at the top what failed', () => {
  const failed = shot(1, { expectations: [{ text: 'copies == 0', ok: false }] });
  const page = reportPage({ runtime: 'Electron 1', steps: 1, failed: 1, problems: ['it crashed'], shots: [failed] });
  expect(page).toContain('✗ 1 failed');
  expect(page).toContain('<li>it crashed</li>');
});

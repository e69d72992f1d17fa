import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzyMatch } from './fuzzy.ts';

/** The texts that fit, best first. */
const ranked = (typed: string, texts: readonly string[]): string[] =>
  texts
    .flatMap((text) => {
      const match = fuzzyMatch(typed, text);
      return match === null ? [] : [{ text, score: match.score }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ text }) => text);

test('first letters of words find what they stand for, in front of letters anywhere', () => {
  expect(ranked('nc', ['Further processes, since then', 'Next chapter', 'Pronounce'])[0]).toBe('Next chapter');
  expect(ranked('step', ['As the past', 'Next step', 'Use three pages'])[0]).toBe('Next step');
});

test('every word that was typed has to fit, in any order', () => {
  expect(ranked('theme dark', ['Dark theme', 'Dark', 'Theme'])).toEqual(['Dark theme']);
});

test('nothing typed fits everything', () => {
  expect(fuzzyMatch('  ', 'Next step')).toEqual({ score: 0, at: [] });
});

test('the letters that are said to fit spell what was typed', () => {
  const word = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom(...'abcd -') });
  fc.assert(
    fc.property(word, fc.string({ maxLength: 20, unit: fc.constantFrom(...'abcdABCD -') }), (typed, text) => {
      const match = fuzzyMatch(typed, text);
      const words = typed.split(/\s+/).filter(Boolean);
      const spelt = (one: string): boolean => {
        let at = 0;
        for (const letter of text.toLowerCase()) if (letter === one[at]) at++;
        return at === one.length;
      };
      expect(match !== null).toBe(words.every(spelt));
      if (words.length === 1 && match !== null)
        expect(match.at.map((i) => text[i]!.toLowerCase()).join('')).toBe(words[0]);
    }),
  );
});

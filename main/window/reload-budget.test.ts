import { expect, test } from 'vitest';
import { ReloadBudget } from './reload-budget.ts';

test('three reloads a minute, then a person is asked', () => {
  const budget = new ReloadBudget();
  expect([0, 1, 2, 3].map((ms) => budget.spend(ms))).toEqual([true, true, true, false]);
});

test('old crashes are forgotten', () => {
  const budget = new ReloadBudget();
  for (const ms of [0, 30_000, 59_000]) expect(budget.spend(ms)).toBe(true);
  expect(budget.spend(59_999)).toBe(false);
  expect(budget.spend(60_000)).toBe(true);
  expect(budget.spend(60_001)).toBe(false);
});

test('a decision starts the count again', () => {
  const budget = new ReloadBudget();
  for (const ms of [0, 1, 2]) budget.spend(ms);
  budget.reset();
  expect(budget.spend(3)).toBe(true);
});

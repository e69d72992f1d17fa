import { describe, expect, it } from 'vitest';
import { BrokenInvariant } from './assert.ts';
import { allocRow, extendRows, freeRow, isLive, makeTable } from './table.ts';

const make = () => makeTable('things', { small: 'u8', wide: 'f64', four: ['u16', 4] }, 2);

describe('a table', () => {
  it('gives rows in order and grows beyond its capacity without losing what it holds', () => {
    const table = make();
    for (let i = 0; i < 9; i++) {
      expect(allocRow(table)).toBe(i);
      table.wide[i] = i + 0.5;
      table.four[i * 4 + 3] = i;
    }
    expect(Array.from(table.wide.subarray(0, 9))).toEqual([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5]);
    expect(table.four[8 * 4 + 3]).toBe(8);
    expect(table.liveRows).toBe(9);
  });

  it('hands the row freed last out first, with every column zero', () => {
    const table = make();
    const rows = [allocRow(table), allocRow(table), allocRow(table)];
    table.small[1] = 7;
    table.four.fill(9, 4, 8);
    freeRow(table, rows[0]!);
    freeRow(table, rows[1]!);
    expect(isLive(table, 1)).toBe(false);
    expect(allocRow(table)).toBe(1);
    expect(table.small[1]).toBe(0);
    expect(Array.from(table.four.subarray(4, 8))).toEqual([0, 0, 0, 0]);
    expect(allocRow(table)).toBe(0);
    expect(table.liveRows).toBe(3);
  });

  it('refuses to free a row twice, or one that never was', () => {
    const table = make();
    freeRow(table, allocRow(table));
    expect(() => freeRow(table, 0)).toThrow(BrokenInvariant);
    expect(() => freeRow(table, 5)).toThrow('things row 5 is freed once');
  });

  it('extends with zeros, whatever the spare capacity holds from before', () => {
    const table = make();
    extendRows(table, 4);
    table.small.fill(255);
    table.rows = 1;
    extendRows(table, 4);
    expect(Array.from(table.small.subarray(0, 4))).toEqual([255, 0, 0, 0]);
    extendRows(table, 2);
    expect(table.rows).toBe(4);
  });
});

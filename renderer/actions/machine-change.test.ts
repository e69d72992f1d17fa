import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { Player } from '../../engine/player/player.ts';
import { changesBetween, freeExperiment, machineOf, onOtherMachine } from './machine-change.ts';
import { MACHINE_GROUPS, PRESETS } from './machine-fields.ts';

const TEXT = `format: faultline/1
title: Mine # a comment
machine: { ram: 64, tlb: { entries: 16 }, seed: 7 }
chapters:
  - title: One
    steps:
      - do: [p0 state]
`;

test('a machine is read, changed and read again', () => {
  expect(machineOf(TEXT)).toEqual({ ram: '64', 'tlb.entries': '16', seed: '7' });
  const changed = onOtherMachine(TEXT, { ram: '128', seed: '7', 'cost.minor_fault': '900' });
  expect(machineOf(changed)).toEqual({ ram: '128', seed: '7', 'cost.minor_fault': '900' });
  expect(changed).toContain('Mine (machine changed)');
  expect(changed).toContain('Machine changed: ram 64 → 128, tlb.entries 16 → as usual');
  expect(onOtherMachine(changed, machineOf(TEXT))).not.toContain('(machine changed) (machine changed)');
});

test('nothing changed is the same text', () => {
  expect(onOtherMachine(TEXT, machineOf(TEXT))).toBe(TEXT);
  expect(changesBetween({ ram: '64' }, { ram: '64' })).toEqual([]);
});

const opens = (text: string): readonly unknown[] => {
  const player = new Player();
  return player.begin(text, { files: () => null }).problems;
};

test.each(PRESETS.map(([name, values]) => [name, values] as const))('the preset %s is a machine', (_name, values) => {
  expect(opens(freeExperiment(values))).toEqual([]);
});

test('every field is one that scenarios have, with what it usually is or can be', () => {
  for (const { fields } of MACHINE_GROUPS) {
    for (const { path: name, usual, choices } of fields) {
      const value = choices?.[0]?.[0] ?? (/^\d+$/.test(usual) ? usual : '1');
      const base = name.startsWith('tlb.') ? { 'tlb.entries': '64', 'tlb.ways': '4' } : {};
      expect(
        opens(freeExperiment({ ram: '1024', ...base, [name]: name === 'sysctl.mmap_min_addr' ? '4096' : value })),
        name,
      ).toEqual([]);
    }
  }
});

test('every lesson opens on a larger machine, and says that it is another one', () => {
  const folder = path.join(import.meta.dirname, '..', '..', 'scenarios');
  const lessons = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of lessons) {
    const text = readFileSync(path.join(folder, name, 'scenario.yaml'), 'utf8');
    const changed = onOtherMachine(text, { ...machineOf(text), seed: '77' });
    expect(machineOf(changed)['seed'], name).toBe('77');
    expect(changed, name).toContain('(machine changed)');
  }
});

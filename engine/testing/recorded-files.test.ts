import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { run } from '../cli/run.ts';
import { TestIo } from '../cli/test-io.ts';
import { compareRecorded, parseLines, type RecordedLine } from './compare-recorded.ts';

/**
 * Scripts on files that ran on Linux 6.18, on ext4 with blocks of 4 KiB, small folios and a read-ahead of 128 KiB. Beside
 * what all recorded runs hold, each step has the files' sizes and a letter a page: `.` not cached, c clean, d dirty.
 * When a write that nobody waits for ends is a matter of time: pages under write-back are taken for clean.
 */
const folder = new URL('recorded-files/', import.meta.url);
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.txt'))
  .map((name) => name.slice(0, -'.txt'.length));
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const filesText = (line: RecordedLine): string => JSON.stringify(line['files'] ?? null).replaceAll('w', 'c');

function fileDifferences(recorded: readonly RecordedLine[], ours: readonly RecordedLine[]): string[] {
  const withFiles = recorded.filter((line) => line['files'] !== undefined);
  return withFiles.flatMap((line) => {
    const other = ours.find(({ step }) => step === line.step)!;
    return filesText(line) === filesText(other) ? [] : [`step ${line.step}: ${filesText(line)} ${filesText(other)}`];
  });
}

describe('what the real kernel did with files is what the lab does', () => {
  test('there is something to compare with', () => expect(names.length).toBeGreaterThanOrEqual(3));

  test.each(names)('%s', async (name) => {
    const io = new TestIo({}, text(`${name}.txt`));
    expect(await run(['exec', '--json'], io)).toBe(0);
    const [recorded, ours] = [parseLines(text(`${name}.jsonl`)), parseLines(io.stdout)];
    expect(compareRecorded(recorded, ours)).toEqual([]);
    expect(fileDifferences(recorded, ours)).toEqual([]);
  });

  test('a difference is seen', () => {
    const lines = parseLines(text('read-ahead.jsonl'));
    const wrong = JSON.parse(JSON.stringify(lines).replace('"cache":"cc', '"cache":"dc')) as typeof lines;
    expect(fileDifferences(lines, wrong)).toHaveLength(1);
  });
});

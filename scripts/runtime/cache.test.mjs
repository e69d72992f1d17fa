import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder } from './cache-folder.mjs';
import { failedLately, noteFailure } from './failure-note.mjs';
import { makeFolderOnce } from './make-folder-once.mjs';

let folder;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-cache-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the cache folder', () => {
  it('follows the platform', () => {
    expect(cacheFolder({}, 'linux', '/home/ada')).toBe(path.join('/home/ada', '.cache', 'faultline'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/big' }, 'linux', '/home/ada')).toBe(path.join('/big', 'faultline'));
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', '/home/ada')).toBe(
      path.join('/home/ada', '.cache', 'faultline'),
    );
    expect(cacheFolder({}, 'darwin', '/Users/ada')).toBe(path.join('/Users/ada', 'Library', 'Caches', 'faultline'));
    expect(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32', 'H')).toBe(path.join('L', 'faultline', 'Cache'));
  });
});

describe('a folder made once', () => {
  const fill = (text) => (content) => writeFile(path.join(content, 'file'), text);

  it('is left alone when it exists', async () => {
    const target = path.join(folder, 'runtime');
    await makeFolderOnce(target, fill('first'));
    await makeFolderOnce(target, fill('second'));
    expect(readFileSync(path.join(target, 'file'), 'utf8')).toBe('first');
    expect(readdirSync(folder)).toEqual(['runtime']);
  });

  it('is not there at all when making it failed', async () => {
    const target = path.join(folder, 'runtime');
    const failing = async (content) => {
      await fill('half')(content);
      throw new Error('disk full');
    };
    await expect(makeFolderOnce(target, failing)).rejects.toThrow('disk full');
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is made by one of two runs at the same time, and both use it', async () => {
    const target = path.join(folder, 'runtime');
    const made = await Promise.all(['a', 'b'].map((text) => makeFolderOnce(target, fill(text))));
    expect(made).toEqual([target, target]);
    expect(readdirSync(folder)).toEqual(['runtime']);
  });

  it('sweeps what a killed run left a day ago, and nothing younger', async () => {
    const [old, young] = ['.making-old', '.making-young'].map((name) => path.join(folder, name));
    await mkdir(old);
    await mkdir(young);
    const yesterday = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(old, yesterday, yesterday);
    await makeFolderOnce(path.join(folder, 'runtime'), fill('x'));
    expect(existsSync(old)).toBe(false);
    expect(existsSync(young)).toBe(true);
  });
});

describe('a failed download', () => {
  it('is remembered for an hour', () => {
    expect(failedLately(folder, '1.2.3')).toBeNull();
    noteFailure(folder, '1.2.3', 'no such host');
    expect(failedLately(folder, '1.2.3')).toEqual({ problem: 'no such host' });
    expect(failedLately(folder, '1.2.4')).toBeNull();
    const before = Date.now() / 1000 - 3601;
    utimesSync(path.join(folder, readdirSync(folder)[0]), before, before);
    expect(failedLately(folder, '1.2.3')).toBeNull();
  });
});

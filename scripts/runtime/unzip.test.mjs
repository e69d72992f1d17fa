import { lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unzip } from './unzip.mjs';

/** A zip archive made on a Unix system, its entries stored as they are. */
function archive(entries) {
  const local = [];
  const central = [];
  let offset = 0;
  for (const { name, mode, content } of entries) {
    const [nameBytes, bytes] = [Buffer.from(name), Buffer.from(content)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(10, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), common, nameBytes, bytes]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE((mode << 16) >>> 0, 6);
    attributes.writeUInt32LE(offset, 10);
    const madeOnUnix = Buffer.from([30, 3]);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), madeOnUnix, common, attributes, nameBytes]));
    local.push(header);
    offset += header.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...local, directory, Buffer.from('PK\x05\x06'), end]);
}

describe('unpacking an archive', () => {
  let folder;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'faultline-unzip-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const unpack = async (entries, place) => {
    const file = path.join(folder, 'a.zip');
    writeFileSync(file, archive(entries));
    const target = path.join(folder, 'out');
    await unzip(file, target, place);
    return target;
  };

  it.skipIf(process.platform === 'win32')('keeps run bits and symbolic links', async () => {
    const target = await unpack([
      { name: 'bin/', mode: 0o040755, content: '' },
      { name: 'bin/tool', mode: 0o100755, content: 'run me' },
      { name: 'data', mode: 0o100644, content: 'read me' },
      { name: 'bin/current', mode: 0o120755, content: 'tool' },
    ]);
    expect(lstatSync(path.join(target, 'bin/tool')).mode & 0o777).toBe(0o755);
    expect(lstatSync(path.join(target, 'data')).mode & 0o777).toBe(0o644);
    expect(readlinkSync(path.join(target, 'bin/current'))).toBe('tool');
    expect(readFileSync(path.join(target, 'bin/current'), 'utf8')).toBe('run me');
  });

  it('renames and leaves out what it is told to', async () => {
    const entries = ['A/keep', 'A/drop'].map((name) => ({ name, mode: 0o100644, content: name }));
    const target = await unpack(entries, (name) => (name.endsWith('drop') ? null : name.replace('A/', 'B/')));
    expect(readFileSync(path.join(target, 'B/keep'), 'utf8')).toBe('A/keep');
  });

  it('refuses names and links that lead out of the folder', async () => {
    await expect(unpack([{ name: '../evil', mode: 0o100644, content: '' }])).rejects.toThrow(/invalid relative path/);
    await expect(unpack([{ name: 'evil', mode: 0o120777, content: '../../etc' }])).rejects.toThrow(/leads out/);
  });

  it('fails on what is no archive', async () => {
    const file = path.join(folder, 'a.zip');
    writeFileSync(file, 'no archive at all, only text that is long enough');
    await expect(unzip(file, path.join(folder, 'out'))).rejects.toThrow();
  });
});

import { describe, expect, it, vi } from 'vitest';
import { askedRuntime, chooseRuntime } from './choose.mjs';

/** A machine with an open network and nothing installed, and what differs from that. */
function machine(change = {}) {
  return {
    installedRelease: () => null,
    fetchRelease: vi.fn(async () => '/release/electron'),
    fallbackFits: true,
    installedFallback: () => null,
    makeFallback: vi.fn(async () => '/fallback/electron'),
    failedLately: () => null,
    noteFailure: vi.fn(),
    problemOf: (error) => error.message,
    ...change,
  };
}

const closed = {
  fetchRelease: vi.fn(async () => {
    throw new Error('getaddrinfo ENOTFOUND');
  }),
};

describe('choosing the runtime', () => {
  it('takes an installed release without asking the network', async () => {
    const sources = machine({ installedRelease: () => '/cached/electron' });
    expect(await chooseRuntime(null, sources)).toEqual({ kind: 'release', executable: '/cached/electron', why: null });
    expect(sources.fetchRelease).not.toHaveBeenCalled();
  });

  it('fetches the release where the network lets it, also where a fallback is at hand', async () => {
    const sources = machine({ installedFallback: () => '/fallback/electron' });
    expect((await chooseRuntime(null, sources)).kind).toBe('release');
  });

  it('makes the fallback on a closed network and says why', async () => {
    const sources = machine(closed);
    const chosen = await chooseRuntime(null, sources);
    expect(chosen).toMatchObject({ kind: 'fallback', executable: '/fallback/electron' });
    expect(chosen.why).toContain('getaddrinfo ENOTFOUND');
    expect(sources.noteFailure).toHaveBeenCalledWith('getaddrinfo ENOTFOUND');
  });

  it('does not try the network again soon after it failed', async () => {
    const sources = machine({
      installedFallback: () => '/fallback/electron',
      failedLately: () => ({ problem: 'timed out' }),
    });
    expect((await chooseRuntime(null, sources)).kind).toBe('fallback');
    expect(sources.fetchRelease).not.toHaveBeenCalled();
    expect(sources.makeFallback).not.toHaveBeenCalled();
  });

  it('tries the network in spite of an earlier failure when the release is asked for', async () => {
    const sources = machine({
      installedFallback: () => '/fallback/electron',
      failedLately: () => ({ problem: 'timed out' }),
    });
    expect((await chooseRuntime('release', sources)).kind).toBe('release');
  });

  it('fails in one line where neither can be had', async () => {
    await expect(chooseRuntime('release', machine(closed))).rejects.toThrow(/cannot be downloaded.*ELECTRON_MIRROR/);
    await expect(chooseRuntime(null, machine({ ...closed, fallbackFits: false }))).rejects.toThrow(/connect to/);
    await expect(chooseRuntime('fallback', machine({ fallbackFits: false }))).rejects.toThrow(/Linux x64 only/);
  });

  it('uses the fallback when asked, although a release is installed', async () => {
    const sources = machine({ installedRelease: () => '/cached/electron' });
    expect((await chooseRuntime('fallback', sources)).executable).toBe('/fallback/electron');
  });
});

describe('FAULTLINE_RUNTIME', () => {
  it.each([
    [undefined, null],
    ['', null],
    ['release', 'release'],
    ['fallback', 'fallback'],
  ])('%s means %s', (value, meaning) => {
    expect(askedRuntime({ FAULTLINE_RUNTIME: value })).toBe(meaning);
  });

  it('is refused when it is anything else', () => {
    expect(() => askedRuntime({ FAULTLINE_RUNTIME: 'newest' })).toThrow(/set it to release or fallback/);
  });
});

import { describe, expect, it } from 'vitest';
import { installable, isDebianFamily, pickAlternatives } from './apt.mjs';
import { hasDisplay } from './display.mjs';
import { missingInLdd, packagesOf } from './libraries.mjs';
import { adviceElsewhere } from './needs.mjs';

const LDD = `/opt/electron/electron:
\tlinux-vdso.so.1 (0x00007fff)
\tlibffmpeg.so => /opt/electron/libffmpeg.so (0x00007f)
\tlibgtk-3.so.0 => not found
\tlibnss3.so => /lib/x86_64-linux-gnu/libnss3.so (0x00007f)
/opt/electron/libGLESv2.so:
\tlibgtk-3.so.0 => not found
\tlibasound.so.2 => not found
`;

const POLICY_NOBLE = `libasound2:
  Installed: (none)
  Candidate: (none)
  Version table:
libasound2t64:
  Installed: (none)
  Candidate: 1.2.11-1build2
  Version table:
     1.2.11-1build2 500
xvfb:
  Installed: (none)
  Candidate: 2:21.1.12-1ubuntu1
`;

describe('missing libraries', () => {
  it('are read from ldd, each once', () => {
    expect(missingInLdd(LDD)).toEqual(['libasound.so.2', 'libgtk-3.so.0']);
    expect(missingInLdd('\tnot a dynamic executable\n')).toEqual([]);
  });

  it('have Debian packages, or none that is known', () => {
    expect(packagesOf('libasound.so.2')).toEqual(['libasound2', 'libasound2t64']);
    expect(packagesOf('libunheard.so.9')).toBeNull();
  });
});

describe('package names', () => {
  it('count only with a candidate: a virtual package has none', () => {
    expect([...installable(POLICY_NOBLE)]).toEqual(['libasound2t64', 'xvfb']);
  });

  it('are the newer ones where only those exist', () => {
    const wanted = [['libasound2', 'libasound2t64'], ['xvfb'], ['xvfb']];
    expect(pickAlternatives(wanted, installable(POLICY_NOBLE))).toEqual(['libasound2t64', 'xvfb']);
  });

  it('are the first ones where apt knows none, so that its own message names them', () => {
    expect(pickAlternatives([['libasound2', 'libasound2t64']], new Set())).toEqual(['libasound2']);
  });
});

describe('the family of a system', () => {
  it('is not Debian by a name that only contains the word', () => {
    expect(isDebianFamily('ID=fedora\nNAME="Not debian"\n')).toBe(false);
    expect(isDebianFamily('')).toBe(false);
  });

  it('elsewhere gets advice of its own', () => {
    const missing = [{ what: 'libgtk-3.so.0' }, { what: 'Xvfb' }];
    expect(adviceElsewhere(missing, true)).toContain(
      "sudo dnf install -y 'libgtk-3.so.0()(64bit)' xorg-x11-server-Xvfb",
    );
    expect(adviceElsewhere(missing, false)).toContain('missing: libgtk-3.so.0, Xvfb;');
  });
});

it.each([
  [{}, 'linux', false],
  [{ DISPLAY: ':0' }, 'linux', true],
  [{ DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }, 'linux', true],
  [{}, 'win32', true],
  [{}, 'darwin', true],
])('display with %o on %s: %s', (env, platform, expected) => {
  expect(hasDisplay(env, platform)).toBe(expected);
});

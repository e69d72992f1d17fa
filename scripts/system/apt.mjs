/** Debian's package manager: what can be installed, and installing it. */
import { existsSync, readFileSync } from 'node:fs';
import { Failure, say } from '../lib/say.mjs';
import { capture } from '../lib/run.mjs';

const ENV = { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };

/** True on Debian and what derives from it. */
export function isDebianFamily(osRelease = readOsRelease()) {
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease) && existsSync('/usr/bin/apt-get');
}

function readOsRelease() {
  const file = ['/etc/os-release', '/usr/lib/os-release'].find((name) => existsSync(name));
  return file === undefined ? '' : readFileSync(file, 'utf8');
}

/** The packages that `apt-cache policy` says can be installed. A virtual package has no candidate and does not count. */
export function installable(policy) {
  const found = new Set();
  let name = null;
  for (const line of policy.split('\n')) {
    const heading = /^(\S+):$/.exec(line);
    if (heading) name = heading[1];
    const candidate = /^ {2}Candidate: (.*)$/.exec(line);
    if (candidate && candidate[1] !== '(none)' && name !== null) found.add(name);
  }
  return found;
}

/** Of each list of alternative names the first that can be installed; the first of all where apt knows none. */
export function pickAlternatives(alternatives, available) {
  const picked = alternatives.map((names) => names.find((name) => available.has(name)) ?? names[0]);
  return [...new Set(picked)].sort();
}

/** Resolves alternatives on this system. Needs no root, but the package lists must have been fetched once. */
export async function packageNames(alternatives) {
  const { stdout } = await capture('apt-cache', ['policy', ...new Set(alternatives.flat())], { env: ENV });
  return pickAlternatives(alternatives, installable(stdout));
}

/** Fetches the package lists and installs one name of each list of alternatives. Root only. */
export async function aptInstall(alternatives) {
  await aptGet(['update']);
  const names = await packageNames(alternatives);
  say(`installing system packages: ${names.join(' ')}`);
  await aptGet(['install', '-y', '--no-install-recommends', ...names]);
}

async function aptGet(args) {
  // Another apt at work, such as unattended upgrades, is waited for.
  const { status, stdout, stderr } = await capture('apt-get', ['-o', 'DPkg::Lock::Timeout=120', '-q', ...args], {
    env: ENV,
  });
  if (status === 0) return;
  const reason = /^E: (.*)$/m.exec(stderr)?.[1] ?? (stderr || stdout).trim().split('\n').at(-1);
  throw new Failure(`apt-get ${args[0]} failed (${reason}); repair that and run this again`);
}

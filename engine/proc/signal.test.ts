import { describe, expect, it } from 'vitest';
import { EVENT } from '../base/event-kinds.ts';
import { eventsBetween } from '../base/event-log.ts';
import { whyNot } from '../kernel/index.ts';
import type { CommandResult } from '../protocol/commands.ts';
import { command, lab, type Lab } from '../testing/fixtures.ts';
import { isAlive, taskNumbers } from './task.ts';

const kinds = (l: Lab, { firstEvent, endEvent }: CommandResult): number[] =>
  eventsBetween(l.k.events, firstEvent, endEvent).map((event) => event.kind);
const two = (...lines: string[]): Lab => {
  const l = lab();
  l.run('p0 fork p1', ...lines);
  return l;
};

describe('kill', () => {
  it.each(['TERM', 'INT', 'KILL', 'SEGV', 'USR1'])('%s ends a task without a handler', (signal) => {
    const l = two('p1 sigaction SEGV default');
    expect(l.run(`p0 kill p1 ${signal}`).ret).toBe(0);
    expect(isAlive(l.k, 1)).toBe(false);
  });

  it('calls a handler where there is one, and does nothing where it is ignored', () => {
    const l = two('p1 sigaction TERM handler', 'p1 sigaction INT ignore');
    expect(kinds(l, l.run('p0 kill p1 TERM'))).toContain(EVENT.SIGNAL_HANDLED);
    expect(kinds(l, l.run('p0 kill p1 INT'))).not.toContain(EVENT.SIGNAL_HANDLED);
    expect(isAlive(l.k, 1)).toBe(true);
  });

  it('asks without sending when the signal is 0; ESRCH without the task, EPERM for another user’s', () => {
    const l = two('p1 setuid 1000');
    expect(l.run('p0 kill p1 0').ret).toBe(0);
    expect(l.run('p0 kill p7 TERM').errno).toBe('ESRCH');
    expect(l.run('p1 kill p0 TERM').errno).toBe('EPERM');
    expect(l.run('p0 dropcap 5', 'p0 kill p1 TERM').errno).toBe('EPERM');
    expect(l.run('p1 kill p1 USR2').died).toBeUndefined();
    expect(isAlive(l.k, 1)).toBe(false);
  });

  it('a stopped task is given no commands, and takes what was sent when it goes on', () => {
    const l = two('p0 kill p1 STOP', 'p0 kill p1 TERM');
    expect(l.task(1).state).toBe('stopped');
    expect(whyNot(l.k, command('p1 state'))).toBe('p1 is stopped; let it go on with p1 kill CONT');
    l.run('p1 kill CONT');
    expect(isAlive(l.k, 1)).toBe(false);
  });

  it('even SIGKILL waits for a task that waits for a device', () => {
    const l = two('p1 block', 'p0 kill p1 KILL');
    expect(l.task(1).state).toBe('blocked');
    expect(whyNot(l.k, command('p1 touch_r A 0 1'))).toMatch(/^p1 waits for a device/);
    l.run('p1 unblock');
    expect(taskNumbers(l.k)).toEqual([0]);
  });
});

describe('sigaction', () => {
  it.each([
    ['KILL default', 'EINVAL'],
    ['STOP ignore', 'EINVAL'],
    ['0 default', 'EINVAL'],
    ['TERM handler', undefined],
  ])('%s: %s', (words, errno) => expect(lab().run(`p0 sigaction ${words}`).errno).toBe(errno));

  it.each(['default', 'ignore'])('%s of SIGSEGV: a bad access ends the task', (action) => {
    const l = two(`p1 sigaction SEGV ${action}`);
    expect(l.run('p1 touch_w A 0 1')).toMatchObject({ sig: 'SIGSEGV', code: 'MAPERR', done: 0, died: true });
    expect(isAlive(l.k, 1)).toBe(false);
  });

  it('with a handler, as at the start, the task lives on; a child has what its parent had', () => {
    const l = two('p1 sigaction BUS default', 'p1 fork p2');
    expect(l.run('p1 touch_w A 0 1').died).toBeUndefined();
    l.run('p2 mmap S 2 rw shared', 'p2 mremap S 0 2 3');
    expect(l.run('p2 touch_w S 2 1')).toMatchObject({ sig: 'SIGBUS', died: true });
  });
});

describe('wait', () => {
  it('takes zombies off the list in the order in which they were made, with how they ended', () => {
    const l = two('p0 sigaction CHLD default', 'p0 fork p2', 'p2 exit 3', 'p1 kill TERM');
    expect(taskNumbers(l.k)).toEqual([0, 1, 2]);
    expect(whyNot(l.k, command('p0 fork p2'))).toBe('p2 exists already');
    expect(l.run('p0 wait')).toMatchObject({ ret: 'p1', status: 15 });
    expect(l.run('p0 wait')).toMatchObject({ ret: 'p2', status: 3 * 256 });
    expect(l.run('p0 wait').errno).toBe('ECHILD');
    expect(taskNumbers(l.k)).toEqual([0]);
  });

  it('finds nothing while children live, and nobody who is no child', () => {
    const l = two('p1 fork p2');
    expect(l.run('p0 wait')).toMatchObject({ ret: 0 });
    expect(l.run('p0 wait').status).toBeUndefined();
    expect(l.run('p0 wait p2').errno).toBe('ECHILD');
    expect(l.run('p2 wait').errno).toBe('ECHILD');
  });

  it('has nobody to find when SIGCHLD is ignored, as at the start', () => {
    const l = two('p1 exit');
    expect(l.run('p0 wait').errno).toBe('ECHILD');
  });

  it('a zombie keeps no memory, tells its state, and goes with its parent', () => {
    const l = lab();
    l.run('p0 fork p1', 'p1 sigaction CHLD handler', 'p1 fork p2');
    const { free } = l;
    l.run('p2 mmap A 9 rw', 'p2 touch_w A 0 9');
    expect(kinds(l, l.run('p2 exit'))).toContain(EVENT.SIGNAL_HANDLED);
    expect(l.free).toBeGreaterThan(free);
    expect(l.run('p2 cat status').text).toMatch(/^State:\tZ \(zombie\)$/m);
    l.run('p1 exit');
    expect(taskNumbers(l.k)).toEqual([0]);
  });
});

describe('setuid', () => {
  it('away from root gives up every capability', () => {
    const l = lab();
    l.run('p0 rlimit memlock 0', 'p0 mmap A 2 rw');
    expect(l.run('p0 mlock A 0 1').ret).toBe(0);
    expect(l.run('p0 setuid 1000').ret).toBe(0);
    expect(l.run('p0 mlock A 1 1').errno).toBe('EPERM');
    expect(l.run('p0 cat status').text).toMatch(/^CapEff:\t0000000000000000$/m);
    expect(l.run('p0 setuid 0').errno).toBe('EPERM');
    expect(l.run('p0 setuid 1000').ret).toBe(0);
  });

  it('needs CAP_SETUID', () => {
    expect(lab().run('p0 dropcap 7', 'p0 setuid 1000').errno).toBe('EPERM');
    expect(lab().run('p0 dropcap 7', 'p0 setuid 0').ret).toBe(0);
  });
});

describe('getrusage', () => {
  it('knows faults and the largest size in memory; of children those that were waited for', () => {
    const l = lab();
    l.run('p0 sigaction CHLD default', 'p0 fork p1', 'p1 mmap A 20 rw', 'p1 touch_w A 0 20', 'p1 munmap A 5 15');
    expect(l.run('p1 getrusage').usage).toMatchObject({ maxrss: 80, minflt: 20, majflt: 0 });
    l.run('p1 exit');
    expect(l.run('p0 getrusage children').usage).toMatchObject({ maxrss: 0, minflt: 0 });
    l.run('p0 wait');
    expect(l.run('p0 getrusage children').usage).toMatchObject({ maxrss: 80, minflt: 20 });
  });
});

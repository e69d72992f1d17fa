/** Long runs of random scripts: the work is split over processes, and what they reach is added up. */
import { fork } from 'node:child_process';
import { TARGETS } from '../build/targets.mjs';
import { inRoot } from '../lib/root.mjs';

const REPORT_EVERY_MS = 10_000;

/**
 * What all jobs reached together, for a person.
 * @param {{commands: number, scripts: number, seed: number, failures: string[]}[]} jobs
 * @param {number} seconds since the start
 */
export function progress(jobs, seconds) {
  const sum = (of) => jobs.reduce((total, job) => total + of(job), 0);
  const commands = sum((job) => job.commands);
  const seed = Math.max(...jobs.map((job) => job.seed));
  const rate = seconds > 0 ? Math.round(commands / seconds) : 0;
  return `${commands} commands, ${sum((job) => job.scripts)} scripts, up to seed ${seed}, ${sum((job) => job.failures.length)} failed, ${rate} a second`;
}

/**
 * Runs random scripts until so many commands were checked. Progress goes to standard error, failures to standard output
 * as they are found, and the sum at the end.
 * @param {{commands: number, from: number, jobs: number}} work job i has the seeds from + i, from + i + jobs, …
 * @returns {Promise<number>} exit status: 1 when a script failed or a process ended early
 */
export async function soakIn({ commands, from, jobs }) {
  const start = performance.now();
  const { output, result } = TARGETS.fuzz;
  const reached = Array.from({ length: jobs }, () => ({ commands: 0, scripts: 0, seed: from, failures: [] }));
  const said = () => progress(reached, (performance.now() - start) / 1000);
  const timer = setInterval(() => console.error(said()), REPORT_EVERY_MS);
  const ends = reached.map((_, job) => {
    const part = [from + job, jobs, Math.ceil(commands / jobs)];
    const child = fork(inRoot(output, result), part.map(String));
    child.on('message', (soFar) => {
      for (const failure of soFar.failures.slice(reached[job].failures.length)) console.log(failure);
      reached[job] = soFar;
    });
    return new Promise((resolve) => child.on('close', (code) => resolve(code ?? 128)));
  });
  const statuses = await Promise.all(ends);
  clearInterval(timer);
  console.log(said());
  return statuses.some((status) => status !== 0) || reached.some((job) => job.failures.length > 0) ? 1 : 0;
}

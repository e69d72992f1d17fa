/** Starting other programs and waiting for them. */
import { spawn } from 'node:child_process';

/**
 * Runs a program to its end and collects its output.
 * @returns {Promise<{status: number, stdout: string, stderr: string}>} status 127 when it cannot be started
 */
export function capture(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (error) => resolve({ status: 127, stdout, stderr: error.message }));
    child.on('close', (code) => resolve({ status: code ?? 1, stdout, stderr }));
  });
}

/** How long a program that is told to end has before it is made to. */
const GRACE_MS = 10_000;

/**
 * Runs a program with the terminal as its own and waits for it. Ctrl+C reaches the child through the terminal, so
 * this process only has to outlive it; SIGTERM is passed on.
 * @param {{until?: number}} options until: when to end it, on the clock of performance.now(); the rest is spawn's
 * @returns {Promise<number>} exit status; 128 when a signal ended it, 127 when it cannot be started
 */
export function stream(command, args, { until, ...options } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const ignore = () => {};
    const passOn = () => child.kill('SIGTERM');
    process.on('SIGINT', ignore);
    process.on('SIGTERM', passOn);
    const timers = until === undefined ? [] : endAt(child, until);
    const done = (status) => {
      for (const timer of timers) clearTimeout(timer);
      process.off('SIGINT', ignore);
      process.off('SIGTERM', passOn);
      resolve(status);
    };
    child.on('error', () => done(127));
    child.on('close', (code) => done(code ?? 128));
  });
}

function endAt(child, until) {
  const left = Math.max(0, until - performance.now());
  const tell = () => {
    console.error('faultline: this part ran out of time and is ended');
    // The signal that Playwright and Vitest take as a request to close what they started and to report.
    child.kill('SIGINT');
  };
  return [setTimeout(tell, left), setTimeout(() => child.kill('SIGKILL'), left + GRACE_MS)];
}

import type { EngineRequest, EngineStarted } from '../../engine/protocol/worker.ts';

/**
 * The worker's own script: a few lines, so that the page learns at once that the engine is on its way. A page that
 * builds its picture before would keep the worker from starting.
 */
const waiting: EngineRequest[] = [];
let answer = (request: EngineRequest): unknown => waiting.push(request);

self.addEventListener('message', (message: MessageEvent<EngineRequest>) => answer(message.data));
self.postMessage({ started: true } satisfies EngineStarted);

void import('./engine-door.ts').then((door) => {
  answer = door.answer;
  waiting.splice(0).forEach(answer);
}, tellPage);

/** A script that cannot be had must end as an error of the worker, which the page listens for. */
function tellPage(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}

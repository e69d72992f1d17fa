import type { EngineCallName, EngineCalls, EngineReply, EngineRequest, Panic } from '../../engine/protocol/worker.ts';

import { startWorker } from '../worker/start-worker.ts';

/** The last calls with what they cost: shown by the developers' overlay. */
export interface CallRecord {
  readonly call: string;
  readonly ms: number;
  readonly engineMs: number;
}
const KEPT_CALLS = 100;

type Waiting = { readonly call: string; readonly sent: number; resolve(value: unknown): void };

/**
 * The window's end of the worker: one promise a call. A worker that broke an invariant answers with a panic; nothing
 * is asked of it any more.
 */
export class EngineClient {
  readonly calls: CallRecord[] = [];
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #onPanic: (panic: Panic) => void;
  #nextId = 1;

  constructor(onPanic: (panic: Panic) => void) {
    this.#onPanic = onPanic;
    this.#worker = startWorker();
    this.#worker.addEventListener('message', (message: MessageEvent<EngineReply>) => this.#receive(message.data));
    this.#worker.addEventListener('error', (event) => {
      onPanic({ message: event.message || 'The engine could not be started', report: event.message });
    });
  }

  call<Name extends EngineCallName>(
    name: Name,
    ...args: EngineCalls[Name]['args']
  ): Promise<EngineCalls[Name]['value']> {
    const request: EngineRequest<Name> = { id: this.#nextId++, call: name, args };
    return new Promise((resolve) => {
      this.#waiting.set(request.id, {
        call: name,
        sent: performance.now(),
        resolve: resolve as (value: unknown) => void,
      });
      this.#worker.postMessage(request);
    });
  }

  #receive(reply: EngineReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (!reply.ok) return this.#onPanic(reply.panic);
    if (waiting === undefined) return;
    this.calls.push({ call: waiting.call, ms: performance.now() - waiting.sent, engineMs: reply.ms });
    if (this.calls.length > KEPT_CALLS) this.calls.shift();
    waiting.resolve(reply.value);
  }
}

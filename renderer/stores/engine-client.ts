import type {
  EngineCallName,
  EngineCalls,
  EngineReply,
  EngineRequest,
  EngineStarted,
  Panic,
} from '../../engine/protocol/worker.ts';

import { startWorker } from '../worker/start-worker.ts';

/** The last calls with what they cost: shown by the developers' overlay. */
export interface CallRecord {
  readonly call: string;
  readonly ms: number;
  readonly engineMs: number;
}
const KEPT_CALLS = 100;

/** A call that takes longer than this is shown as work in progress, with a way to stop it. Milliseconds. */
const BUSY_MS = 400;

/** What the calls under way end with when the engine is stopped. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
}

export interface EngineWatcher {
  panicked(panic: Panic): void;
  /** Work has been going on for a while, or no longer. */
  busy(isBusy: boolean): void;
}

interface Waiting {
  readonly call: string;
  readonly sent: number;
  resolve(value: unknown): void;
  reject(reason: EngineStopped): void;
}

/**
 * The window's end of the worker: one promise a call. A worker that broke an invariant answers with a panic; nothing
 * is asked of it any more.
 */
export class EngineClient {
  readonly calls: CallRecord[] = [];
  readonly #waiting = new Map<number, Waiting>();
  #watcher: EngineWatcher | null = null;
  #panic: Panic | null = null;
  #nowStarted: () => void = () => undefined;
  /** The first worker runs, or cannot: from then on the page keeps nobody from starting. */
  readonly started = new Promise<void>((resolve) => (this.#nowStarted = resolve));
  #worker = this.#start();
  #nextId = 1;
  #busyTimer: ReturnType<typeof setTimeout> | undefined;

  /** The engine starts before there is anybody to be told; a watcher hears at once of a panic that came earlier. */
  watch(watcher: EngineWatcher): void {
    this.#watcher = watcher;
    if (this.#panic !== null) watcher.panicked(this.#panic);
  }

  call<Name extends EngineCallName>(
    name: Name,
    ...args: EngineCalls[Name]['args']
  ): Promise<EngineCalls[Name]['value']> {
    const request: EngineRequest<Name> = { id: this.#nextId++, call: name, args };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, {
        call: name,
        sent: performance.now(),
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      this.#busyTimer ??= setTimeout(() => this.#watcher?.busy(true), BUSY_MS);
      this.#worker.postMessage(request);
    });
  }

  /** Ends whatever the engine is doing and starts a fresh one, which has nothing open yet. */
  stop(): void {
    this.#worker.terminate();
    const ended = [...this.#waiting.values()];
    this.#waiting.clear();
    this.#rest();
    this.#worker = this.#start();
    for (const { reject } of ended) reject(new EngineStopped('the engine was stopped'));
  }

  #start(): Worker {
    const worker = startWorker();
    worker.addEventListener('message', (message: MessageEvent<EngineReply | EngineStarted>) => {
      if ('started' in message.data) this.#nowStarted();
      else this.#receive(message.data);
    });
    worker.addEventListener('error', (event) => {
      const message = event.message || 'The engine could not be started';
      this.#nowStarted();
      this.#panicked({ message, report: message });
    });
    return worker;
  }

  #panicked(panic: Panic): void {
    this.#panic = panic;
    this.#watcher?.panicked(panic);
  }

  #rest(): void {
    clearTimeout(this.#busyTimer);
    this.#busyTimer = undefined;
    this.#watcher?.busy(false);
  }

  #receive(reply: EngineReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (this.#waiting.size === 0) this.#rest();
    if (!reply.ok) return this.#panicked(reply.panic);
    if (waiting === undefined) return;
    this.calls.push({ call: waiting.call, ms: performance.now() - waiting.sent, engineMs: reply.ms });
    if (this.calls.length > KEPT_CALLS) this.calls.shift();
    waiting.resolve(reply.value);
  }
}

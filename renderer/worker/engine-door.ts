import type { EngineReply, EngineRequest } from '../../engine/protocol/worker.ts';
import { EngineHost } from './engine-host.ts';

const host = new EngineHost();

/** The worker's door: one message in, one out. Everything else is the host's. */
export function answer({ id, call, args }: EngineRequest): void {
  const start = performance.now();
  let reply: EngineReply;
  try {
    reply = { id, ok: true, value: host.answer(call, args), ms: performance.now() - start };
  } catch (error) {
    reply = { id, ok: false, panic: host.panicOf(error) };
  }
  self.postMessage(reply);
}

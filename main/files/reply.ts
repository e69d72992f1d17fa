import type { ApiErrorCode, Reply } from '../../engine/protocol/window-api.ts';

export function ok<T>(value: T): Reply<T> {
  return { ok: true, value };
}

/** @param message what is wrong, with what, and what to do about it */
export function fail(code: ApiErrorCode, message: string): Reply<never> {
  return { ok: false, code, message };
}

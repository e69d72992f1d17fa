import { describe, expect, it } from 'vitest';
import { EVENT, EVENTS, OPERATIONS, SIGNAL_REASONS } from './event-kinds.ts';
import { causeChain, emit, eventAt, eventsBetween, makeEventLog, rewindLog, within } from './event-log.ts';

describe('the event log', () => {
  it('names the cause of every event, so that a chain leads back to the command', () => {
    const log = makeEventLog();
    const command = emit(log, EVENT.COMMAND, -1, -1);
    const fault = within(log, command, () => {
      const id = emit(log, EVENT.FAULT, 5, -1, 1);
      within(log, id, () => emit(log, EVENT.FRAME_ALLOC, -1, 3, 4));
      return id;
    });
    emit(log, EVENT.COMMAND, -1, -1);
    expect(causeChain(log, 3).map((event) => event.kind)).toEqual([EVENT.COMMAND, EVENT.FAULT, EVENT.FRAME_ALLOC]);
    expect(eventAt(log, fault)).toMatchObject({ id: 2, cause: 1, page: 5, a: 1 });
    expect(eventAt(log, 4)!.cause).toBe(0);
    expect(eventAt(log, 5)).toBeNull();
    expect(eventAt(log, 0)).toBeNull();
  });

  it('keeps every record while it grows', () => {
    const log = makeEventLog();
    for (let i = 1; i <= 5000; i++) emit(log, EVENT.ACCESS, i, -i, i * 2 ** 33, i / 2);
    expect(log.capacity).toBeGreaterThanOrEqual(5000);
    expect(eventAt(log, 4321)).toMatchObject({ page: 4321, frame: -4321, a: 4321 * 2 ** 33, b: 2160.5 });
    expect(eventsBetween(log, 4999, 9999).map((event) => event.id)).toEqual([4999, 5000]);
  });

  it('forgets what comes after a point and goes on from there', () => {
    const log = makeEventLog();
    for (let i = 0; i < 10; i++) emit(log, EVENT.ACCESS, i, -1);
    rewindLog(log, 4);
    expect(emit(log, EVENT.FAULT, 99, -1)).toBe(4);
    expect(eventsBetween(log, 1, 99).map((event) => event.page)).toEqual([0, 1, 2, 99]);
  });
});

describe('the kinds of events', () => {
  it('stand at their own number', () => {
    for (const [name, number] of Object.entries(EVENT)) expect(EVENTS[number]?.name).toBe(name);
    expect(EVENTS.length).toBe(Object.keys(EVENT).length + 1);
  });

  it('name operations and reasons once', () => {
    expect(new Set(OPERATIONS).size).toBe(OPERATIONS.length);
    expect(new Set(SIGNAL_REASONS).size).toBe(SIGNAL_REASONS.length);
  });
});

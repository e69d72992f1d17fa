/** Owner bits: tasks from this number on share the last one. */
const LAST_OWNER_BIT = 31;

/** The bit that stands for a task in the pictures' sets of owners. */
export const ownerBit = (pid: number): number => (1 << Math.min(pid, LAST_OWNER_BIT)) >>> 0;

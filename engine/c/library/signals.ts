import { REGISTERS, SP } from '../cpu/isa.ts';
import type { Fault } from '../cpu/machine.ts';
import type { Call } from './call.ts';
import type { SignalAction } from './system.ts';

/**
 * What lies on the stack while a handler runs, from the stack pointer up: the address to return to, the three arguments,
 * siginfo_t, then the registers. Source of the idea: Linux arch/x86/kernel/signal_64.c x64_setup_rt_frame.
 */
const FRAME = {
  args: 8,
  info: 32,
  registers: 160,
  pc: 160 + REGISTERS * 8,
  mask: 168 + REGISTERS * 8,
  bytes: 192 + REGISTERS * 8,
} as const;
/** Leaf functions of the ABI may use so many bytes below the stack pointer. */
const RED_ZONE = 128;
const SA_NODEFER = 0x40000000;
const SA_RESETHAND = -0x80000000;

export interface SignalInfo {
  readonly signal: number;
  readonly code: number;
  /** si_addr, or the sender's number. */
  readonly value: number;
}

export const infoOf = (fault: Fault): SignalInfo => ({ signal: fault.signal, code: fault.code, value: fault.address });

/** The processor goes on in the handler. @throws Fault when the stack cannot take the frame */
export function enterHandler(c: Call, action: SignalAction, info: SignalInfo): void {
  const { cpu } = c;
  const top = Math.floor((cpu.number(SP) - RED_ZONE - FRAME.bytes) / 16) * 16 - 8;
  for (let i = 0; i < REGISTERS; i++) {
    cpu.store64(Math.floor((top + FRAME.registers + i * 8) / 2 ** 32), (top + FRAME.registers + i * 8) | 0, cpu.registers[i * 2]!, cpu.registers[i * 2 + 1]!); // prettier-ignore
  }
  c.setWord(top + FRAME.pc, cpu.pc);
  const mask = c.system.mask();
  cpu.store64(Math.floor((top + FRAME.mask) / 2 ** 32), (top + FRAME.mask) | 0, Number(BigInt.asIntN(32, mask)), Number(BigInt.asIntN(32, mask >> 32n))); // prettier-ignore
  const siginfo = top + FRAME.info;
  cpu.fill(siginfo, 0, 128);
  cpu.storeAt(siginfo, 4, info.signal);
  cpu.storeAt(siginfo + 8, 4, info.code);
  c.setWord(siginfo + 16, info.value);
  c.setWord(top + FRAME.args, info.signal);
  c.setWord(top + FRAME.args + 8, siginfo);
  c.setWord(top + FRAME.args + 16, top + FRAME.registers);
  c.setWord(top, c.symbol('__restore'));
  cpu.setNumber(SP, top);
  const handler = action.handler;
  const own = (action.flags & SA_NODEFER) !== 0 ? 0n : 1n << BigInt(info.signal - 1);
  c.system.setMask(mask | action.mask | own);
  if ((action.flags & SA_RESETHAND) !== 0) c.system.setAction(info.signal, { ...action, handler: 0 });
  cpu.pc = cpu.codeAt(Math.floor(handler / 2 ** 32), handler | 0);
}

/** Back to where the signal came: the handler has returned to __restore. */
export function restoreContext(c: Call): void {
  const { cpu } = c;
  // Returning took the address of __restore from the frame.
  const top = cpu.number(SP) - 8;
  const pc = c.word(top + FRAME.pc);
  const mask = BigInt.asUintN(64, c.bigAt(top + FRAME.mask));
  const registers = cpu.read(top + FRAME.registers, REGISTERS * 8);
  cpu.registers.set(new Int32Array(registers.buffer));
  cpu.pc = pc;
  c.system.setMask(mask);
}

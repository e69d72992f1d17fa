import { Fault, CODES, SIGNALS } from './machine.ts';
import type { Cpu } from './cpu.ts';
import { TEXT_START } from './isa.ts';
import {
  bigOf, divideSigned, divideUnsigned, fromDouble, fromDoubleUnsigned, multiply, shiftLeft, shiftRight, toFloat,
} from './wide.ts'; // prettier-ignore

const TWO32 = 4294967296;
/** Halves of TEXT_START; a return address never carries into the upper one. */
const TEXT_LOW = TEXT_START | 0;
const TEXT_HIGH = Math.floor(TEXT_START / TWO32);
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

function divisionTrap(): never {
  throw new Fault(SIGNALS.SIGFPE, CODES.FPE_INTDIV, 0, 'division by zero');
}

function toDouble(r: Int32Array, i: number, signed: boolean): number {
  const big = bigOf(r, i);
  return Number(signed ? big : BigInt.asUintN(64, big));
}

/**
 * Runs instructions until the budget in `cpu.left` is spent. Cases are numbers, which become a jump table; their names are those of
 * isa.ts, and a test holds the two equal. What an instruction changes it changes after its last access that can fault,
 * so that it can be repeated. Loads and stores look their page up in the translation cache of the processor; whatever
 * can move memory renews the local copies.
 * @throws Fault with `cpu.pc` at the instruction
 */
export function execute(cpu: Cpu): void {
  const r = cpu.registers;
  const f = cpu.doubles;
  const R = cpu.readCache;
  const W = cpu.writeCache;
  let M8 = cpu.bytes;
  let M32 = cpu.words;
  let codePage = cpu.codePage;
  let codeOffset = cpu.codeOffset;
  let pc = cpu.pc;
  let left = cpu.left;
  let began = pc;
  try {
    while (left > 0) {
      began = pc;
      if (pc >> 12 !== codePage) {
        if (cpu.watch !== null && cpu.watch(pc)) break;
        cpu.enterCodePage(pc);
        codePage = cpu.codePage;
        codeOffset = cpu.codeOffset;
        M8 = cpu.bytes;
        M32 = cpu.words;
      }
      const at = (codeOffset + (pc & 4095)) >> 2;
      const w = M32[at]!;
      const imm = M32[at + 1]!;
      pc += 8;
      left--;
      switch (w & 255) {
        case 5: {
          // LD8S
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = (M8[at]! << 24) >> 24;
          } else {
            r[a] = (cpu.load(hi, lo, 1) << 24) >> 24;
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 6: {
          // LD8U
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = M8[at]!;
          } else {
            r[a] = cpu.load(hi, lo, 1);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 7: {
          // LD16S
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 1) === 0) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = ((M8[at]! | (M8[at + 1]! << 8)) << 16) >> 16;
          } else {
            r[a] = (cpu.load(hi, lo, 2) << 16) >> 16;
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 8: {
          // LD16U
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 1) === 0) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = M8[at]! | (M8[at + 1]! << 8);
          } else {
            r[a] = cpu.load(hi, lo, 2);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 9: {
          // LD32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 3) === 0) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = M32[at >> 2]!;
          } else {
            r[a] = cpu.load(hi, lo, 4);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 10: {
          // LD64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 7) === 0) {
            const at = R[t + 2]! + (lo & 4095);
            r[a] = M32[at >> 2]!;
            r[a + 1] = M32[(at >> 2) + 1]!;
          } else {
            cpu.load64(hi, lo, a);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 11: {
          // LDF32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 3) === 0) {
            const at = R[t + 2]! + (lo & 4095);
            bits[0] = M32[at >> 2]!;
            f[a >> 1] = float[0]!;
          } else {
            bits[0] = cpu.load(hi, lo, 4);
            f[a >> 1] = float[0]!;
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 12: {
          // ST8
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi) {
            const at = W[t + 2]! + (lo & 4095);
            M8[at] = r[a]!;
          } else {
            cpu.store(hi, lo, 1, r[a]!);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 13: {
          // ST16
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 1) === 0) {
            const at = W[t + 2]! + (lo & 4095);
            M8[at] = r[a]!;
            M8[at + 1] = r[a]! >> 8;
          } else {
            cpu.store(hi, lo, 2, r[a]!);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 14: {
          // ST32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 3) === 0) {
            const at = W[t + 2]! + (lo & 4095);
            M32[at >> 2] = r[a]!;
          } else {
            cpu.store(hi, lo, 4, r[a]!);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 15: {
          // ST64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 7) === 0) {
            const at = W[t + 2]! + (lo & 4095);
            M32[at >> 2] = r[a]!;
            M32[(at >> 2) + 1] = r[a + 1]!;
          } else {
            cpu.store64(hi, lo, r[a]!, r[a + 1]!);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 16: {
          // STF32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 3) === 0) {
            const at = W[t + 2]! + (lo & 4095);
            float[0] = f[a >> 1]!;
            M32[at >> 2] = bits[0]!;
          } else {
            float[0] = f[a >> 1]!;
            cpu.store(hi, lo, 4, bits[0]!);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 129: {
          // INCM32
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 3) === 0) {
            const at = W[t + 2]! + (lo & 4095);
            M32[at >> 2] = M32[at >> 2]! + (w >> 24);
          } else {
            cpu.store(hi, lo, 4, cpu.load(hi, lo, 4) + (w >> 24));
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 1: {
          // MOV
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]!;
          r[a + 1] = r[b + 1]!;
          break;
        }
        case 2: {
          // LI
          const a = (w >>> 7) & 0x1fe;
          r[a] = imm;
          r[a + 1] = imm >> 31;
          break;
        }
        case 3: {
          // LI64
          const a = (w >>> 7) & 0x1fe;
          const at = (codeOffset + (pc & 4095)) >> 2;
          if ((pc & 4095) === 0) {
            r[a] = cpu.fetchWord(pc);
            r[a + 1] = cpu.fetchWord(pc + 4);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
            // The page of code is another one now.
            codeOffset = cpu.codeOffset;
          } else {
            r[a] = M32[at]!;
            r[a + 1] = M32[at + 1]!;
          }
          pc += 8;
          break;
        }
        case 4: {
          // LEA
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const from = r[b]!;
          const lo = (from + imm) | 0;
          const hi = (r[b + 1]! + (imm >> 31) + (lo >>> 0 < from >>> 0 ? 1 : 0)) | 0;
          r[a] = lo;
          r[a + 1] = hi;
          break;
        }
        case 17: {
          // ADD32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b]! + r[c]!) | 0;
          break;
        }
        case 18: {
          // SUB32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b]! - r[c]!) | 0;
          break;
        }
        case 19: {
          // MUL32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = Math.imul(r[b]!, r[c]!);
          break;
        }
        case 20: {
          // DIVS32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          if (r[c] === 0 || (r[c] === -1 && r[b] === -0x80000000)) divisionTrap();
          r[a] = (r[b]! / r[c]!) | 0;
          break;
        }
        case 21: {
          // DIVU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          if (r[c] === 0) divisionTrap();
          r[a] = ((r[b]! >>> 0) / (r[c]! >>> 0)) | 0;
          break;
        }
        case 22: {
          // REMS32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          if (r[c] === 0 || (r[c] === -1 && r[b] === -0x80000000)) divisionTrap();
          r[a] = (r[b]! % r[c]!) | 0;
          break;
        }
        case 23: {
          // REMU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          if (r[c] === 0) divisionTrap();
          r[a] = ((r[b]! >>> 0) % (r[c]! >>> 0)) | 0;
          break;
        }
        case 24: {
          // AND32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! & r[c]!;
          break;
        }
        case 25: {
          // OR32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! | r[c]!;
          break;
        }
        case 26: {
          // XOR32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! ^ r[c]!;
          break;
        }
        case 27: {
          // SHL32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! << r[c]!;
          break;
        }
        case 28: {
          // SHRS32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! >> r[c]!;
          break;
        }
        case 29: {
          // SHRU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! >>> r[c]!;
          break;
        }
        case 30: {
          // ADDI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = (r[b]! + imm) | 0;
          break;
        }
        case 31: {
          // MULI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = Math.imul(r[b]!, imm);
          break;
        }
        case 32: {
          // ANDI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! & imm;
          break;
        }
        case 33: {
          // SHLI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! << imm;
          break;
        }
        case 34: {
          // SHRSI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! >> imm;
          break;
        }
        case 35: {
          // SHRUI32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! >>> imm;
          break;
        }
        case 36: {
          // ADD64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          const from = r[b]!;
          const low = (from + r[c]!) | 0;
          r[a + 1] = r[b + 1]! + r[c + 1]! + (low >>> 0 < from >>> 0 ? 1 : 0);
          r[a] = low;
          break;
        }
        case 37: {
          // SUB64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          const from = r[b]!;
          const less = r[c]!;
          r[a + 1] = r[b + 1]! - r[c + 1]! - (from >>> 0 < less >>> 0 ? 1 : 0);
          r[a] = from - less;
          break;
        }
        case 38: {
          // MUL64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          multiply(r, a, b, r[c]!, r[c + 1]!);
          break;
        }
        case 39: {
          // DIVS64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          divideSigned(r, a, b, c, false);
          break;
        }
        case 41: {
          // REMS64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          divideSigned(r, a, b, c, true);
          break;
        }
        case 40: {
          // DIVU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          divideUnsigned(r, a, b, c, false);
          break;
        }
        case 42: {
          // REMU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          divideUnsigned(r, a, b, c, true);
          break;
        }
        case 43: {
          // AND64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! & r[c]!;
          r[a + 1] = r[b + 1]! & r[c + 1]!;
          break;
        }
        case 44: {
          // OR64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! | r[c]!;
          r[a + 1] = r[b + 1]! | r[c + 1]!;
          break;
        }
        case 45: {
          // XOR64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! ^ r[c]!;
          r[a + 1] = r[b + 1]! ^ r[c + 1]!;
          break;
        }
        case 46: {
          // SHL64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          shiftLeft(r, a, b, r[c]!);
          break;
        }
        case 47: {
          // SHRS64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          shiftRight(r, a, b, r[c]!, true);
          break;
        }
        case 48: {
          // SHRU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          shiftRight(r, a, b, r[c]!, false);
          break;
        }
        case 49: {
          // MULI64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          multiply(r, a, b, imm, imm >> 31);
          break;
        }
        case 50: {
          // SHLI64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          shiftLeft(r, a, b, imm);
          break;
        }
        case 51: {
          // SHRSI64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          shiftRight(r, a, b, imm, true);
          break;
        }
        case 52: {
          // SHRUI64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          shiftRight(r, a, b, imm, false);
          break;
        }
        case 53: {
          // NEG32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = -r[b]! | 0;
          break;
        }
        case 54: {
          // NOT32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = ~r[b]!;
          break;
        }
        case 55: {
          // NEG64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const low = r[b]!;
          r[a + 1] = -r[b + 1]! - (low === 0 ? 0 : 1);
          r[a] = -low | 0;
          break;
        }
        case 56: {
          // NOT64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = ~r[b]!;
          r[a + 1] = ~r[b + 1]!;
          break;
        }
        case 57: {
          // FADD
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          f[a >> 1] = f[b >> 1]! + f[c >> 1]!;
          break;
        }
        case 58: {
          // FSUB
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          f[a >> 1] = f[b >> 1]! - f[c >> 1]!;
          break;
        }
        case 59: {
          // FMUL
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          f[a >> 1] = f[b >> 1]! * f[c >> 1]!;
          break;
        }
        case 60: {
          // FDIV
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          f[a >> 1] = f[b >> 1]! / f[c >> 1]!;
          break;
        }
        case 61: {
          // FNEG
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const low = r[b]!;
          r[a + 1] = r[b + 1]! ^ -0x80000000;
          r[a] = low;
          break;
        }
        case 62: {
          // FRND
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = Math.fround(f[b >> 1]!);
          break;
        }
        case 63: {
          // SX8
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = (r[b]! << 24) >> 24;
          break;
        }
        case 64: {
          // SX16
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = (r[b]! << 16) >> 16;
          break;
        }
        case 65: {
          // ZX8
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! & 0xff;
          break;
        }
        case 66: {
          // ZX16
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]! & 0xffff;
          break;
        }
        case 67: {
          // SX64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]!;
          r[a + 1] = r[b]! >> 31;
          break;
        }
        case 68: {
          // ZX64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b]!;
          r[a + 1] = 0;
          break;
        }
        case 69: {
          // I2F
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = r[b]!;
          break;
        }
        case 70: {
          // U2F
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = r[b]! >>> 0;
          break;
        }
        case 71: {
          // L2F
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = toDouble(r, b, true);
          break;
        }
        case 72: {
          // UL2F
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = toDouble(r, b, false);
          break;
        }
        case 73: {
          // L2S
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = toFloat(r, b, true);
          break;
        }
        case 74: {
          // UL2S
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          f[a >> 1] = toFloat(r, b, false);
          break;
        }
        case 75: {
          // F2I
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const value = f[b >> 1]!;
          r[a] = value > -2147483649 && value < 2147483648 ? Math.trunc(value) : -0x80000000;
          break;
        }
        case 76: {
          // F2L
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          fromDouble(r, a, f[b >> 1]!);
          break;
        }
        case 77: {
          // F2UL
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          fromDoubleUnsigned(r, a, f[b >> 1]!);
          break;
        }
        case 78: {
          // EQ32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b] === r[c]! ? 1 : 0;
          break;
        }
        case 79: {
          // NE32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b] !== r[c]! ? 1 : 0;
          break;
        }
        case 80: {
          // LT32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! < r[c]! ? 1 : 0;
          break;
        }
        case 81: {
          // LE32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! <= r[c]! ? 1 : 0;
          break;
        }
        case 82: {
          // LTU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! >>> 0 < r[c]! >>> 0 ? 1 : 0;
          break;
        }
        case 83: {
          // LEU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b]! >>> 0 <= r[c]! >>> 0 ? 1 : 0;
          break;
        }
        case 84: {
          // EQ64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b] === r[c] && r[b + 1] === r[c + 1] ? 1 : 0;
          break;
        }
        case 85: {
          // NE64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = r[b] !== r[c] || r[b + 1] !== r[c + 1] ? 1 : 0;
          break;
        }
        case 86: {
          // LT64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b + 1] === r[c + 1] ? r[b]! >>> 0 < r[c]! >>> 0 : r[b + 1]! < r[c + 1]!) ? 1 : 0;
          break;
        }
        case 87: {
          // LE64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b + 1] === r[c + 1] ? r[b]! >>> 0 <= r[c]! >>> 0 : r[b + 1]! < r[c + 1]!) ? 1 : 0;
          break;
        }
        case 88: {
          // LTU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b + 1] === r[c + 1] ? r[b]! >>> 0 < r[c]! >>> 0 : r[b + 1]! >>> 0 < r[c + 1]! >>> 0) ? 1 : 0;
          break;
        }
        case 89: {
          // LEU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = (r[b + 1] === r[c + 1] ? r[b]! >>> 0 <= r[c]! >>> 0 : r[b + 1]! >>> 0 < r[c + 1]! >>> 0) ? 1 : 0;
          break;
        }
        case 90: {
          // FEQ
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = f[b >> 1] === f[c >> 1]! ? 1 : 0;
          break;
        }
        case 91: {
          // FNE
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = f[b >> 1] !== f[c >> 1]! ? 1 : 0;
          break;
        }
        case 92: {
          // FLT
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = f[b >> 1]! < f[c >> 1]! ? 1 : 0;
          break;
        }
        case 93: {
          // FLE
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          r[a] = f[b >> 1]! <= f[c >> 1]! ? 1 : 0;
          break;
        }
        case 94: {
          // SNZ32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b] !== 0 ? 1 : 0;
          break;
        }
        case 95: {
          // SZ32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = r[b] === 0 ? 1 : 0;
          break;
        }
        case 96: {
          // SNZ64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = (r[b]! | r[b + 1]!) !== 0 ? 1 : 0;
          break;
        }
        case 97: {
          // SZ64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          r[a] = (r[b]! | r[b + 1]!) === 0 ? 1 : 0;
          break;
        }
        case 98: {
          // JMP
          pc = imm;
          break;
        }
        case 99: {
          // BZ32
          const a = (w >>> 7) & 0x1fe;
          if (r[a] === 0) pc = imm;
          break;
        }
        case 100: {
          // BNZ32
          const a = (w >>> 7) & 0x1fe;
          if (r[a] !== 0) pc = imm;
          break;
        }
        case 101: {
          // BZ64
          const a = (w >>> 7) & 0x1fe;
          if ((r[a]! | r[a + 1]!) === 0) pc = imm;
          break;
        }
        case 102: {
          // BNZ64
          const a = (w >>> 7) & 0x1fe;
          if ((r[a]! | r[a + 1]!) !== 0) pc = imm;
          break;
        }
        case 103: {
          // BEQ32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a] === r[b]!) pc = imm;
          break;
        }
        case 104: {
          // BNE32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a] !== r[b]!) pc = imm;
          break;
        }
        case 105: {
          // BLT32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a]! < r[b]!) pc = imm;
          break;
        }
        case 106: {
          // BLE32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a]! <= r[b]!) pc = imm;
          break;
        }
        case 107: {
          // BLTU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a]! >>> 0 < r[b]! >>> 0) pc = imm;
          break;
        }
        case 108: {
          // BLEU32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a]! >>> 0 <= r[b]! >>> 0) pc = imm;
          break;
        }
        case 109: {
          // BEQ64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a] === r[b] && r[a + 1] === r[b + 1]) pc = imm;
          break;
        }
        case 110: {
          // BNE64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a] !== r[b] || r[a + 1] !== r[b + 1]) pc = imm;
          break;
        }
        case 111: {
          // BLT64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a + 1] === r[b + 1] ? r[a]! >>> 0 < r[b]! >>> 0 : r[a + 1]! < r[b + 1]!) pc = imm;
          break;
        }
        case 112: {
          // BLE64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a + 1] === r[b + 1] ? r[a]! >>> 0 <= r[b]! >>> 0 : r[a + 1]! < r[b + 1]!) pc = imm;
          break;
        }
        case 113: {
          // BLTU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a + 1] === r[b + 1] ? r[a]! >>> 0 < r[b]! >>> 0 : r[a + 1]! >>> 0 < r[b + 1]! >>> 0) pc = imm;
          break;
        }
        case 114: {
          // BLEU64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          if (r[a + 1] === r[b + 1] ? r[a]! >>> 0 <= r[b]! >>> 0 : r[a + 1]! >>> 0 < r[b + 1]! >>> 0) pc = imm;
          break;
        }
        case 115: {
          // BEQI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a] === w >> 24) pc = imm;
          break;
        }
        case 116: {
          // BNEI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a] !== w >> 24) pc = imm;
          break;
        }
        case 117: {
          // BLTI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a]! < w >> 24) pc = imm;
          break;
        }
        case 118: {
          // BLEI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a]! <= w >> 24) pc = imm;
          break;
        }
        case 119: {
          // BGTI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a]! > w >> 24) pc = imm;
          break;
        }
        case 120: {
          // BGEI32
          const a = (w >>> 7) & 0x1fe;
          if (r[a]! >= w >> 24) pc = imm;
          break;
        }
        case 121: {
          // CALL
          const lo = (r[126]! - 8) | 0;
          const hi = (r[127]! - (r[126]! >>> 0 < 8 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 7) === 0) {
            const at = (W[t + 2]! + (lo & 4095)) >> 2;
            M32[at] = TEXT_LOW + pc;
            M32[at + 1] = TEXT_HIGH;
            r[126] = lo;
            r[127] = hi;
          } else {
            cpu.push(pc);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          pc = imm;
          break;
        }
        case 122: {
          // CALLR
          const a = (w >>> 7) & 0x1fe;
          const to = cpu.codeAt(r[a + 1]!, r[a]!);
          cpu.push(pc);
          pc = to;
          M8 = cpu.bytes;
          M32 = cpu.words;
          codePage = cpu.codePage;
          break;
        }
        case 123: {
          // RET
          const lo = r[126]!;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === r[127] && (lo & 7) === 0) {
            const at = (R[t + 2]! + (lo & 4095)) >> 2;
            const to = (M32[at]! - TEXT_LOW) | 0;
            if (M32[at + 1] === TEXT_HIGH && to >= 0 && (to & 7) === 0) {
              pc = to;
              r[126] = lo + 8;
              if (lo >>> 0 >= 0xfffffff8) r[127]!++;
              break;
            }
          }
          pc = cpu.popReturn();
          M8 = cpu.bytes;
          M32 = cpu.words;
          codePage = cpu.codePage;
          break;
        }
        case 124: {
          // ENTER
          const lo = (r[126]! - 8) | 0;
          const hi = (r[127]! - (r[126]! >>> 0 < 8 ? 1 : 0)) | 0;
          const t = (lo >>> 10) & 0x3fc;
          if (W[t] === (lo & -4096) && W[t + 1] === hi && (lo & 7) === 0) {
            const at = (W[t + 2]! + (lo & 4095)) >> 2;
            M32[at] = r[124]!;
            M32[at + 1] = r[125]!;
            r[124] = lo;
            r[125] = hi;
            r[126] = lo - imm;
            r[127] = hi - (lo >>> 0 < imm >>> 0 ? 1 : 0);
          } else {
            cpu.enter(imm);
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 125: {
          // LEAVE
          const lo = r[124]!;
          const hi = r[125]!;
          const t = (lo >>> 10) & 0x3fc;
          if (R[t] === (lo & -4096) && R[t + 1] === hi && (lo & 7) === 0) {
            const at = (R[t + 2]! + (lo & 4095)) >> 2;
            r[124] = M32[at]!;
            r[125] = M32[at + 1]!;
            r[126] = lo + 8;
            r[127] = hi + (lo >>> 0 >= 0xfffffff8 ? 1 : 0);
          } else {
            cpu.leave();
            M8 = cpu.bytes;
            M32 = cpu.words;
            codePage = cpu.codePage;
          }
          break;
        }
        case 126: {
          // COPY
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          cpu.copy(r[a + 1]! * TWO32 + (r[a]! >>> 0), r[b + 1]! * TWO32 + (r[b]! >>> 0), imm);
          M8 = cpu.bytes;
          M32 = cpu.words;
          codePage = cpu.codePage;
          break;
        }
        case 127: {
          // ZERO
          const a = (w >>> 7) & 0x1fe;
          cpu.fill(r[a + 1]! * TWO32 + (r[a]! >>> 0), 0, imm);
          M8 = cpu.bytes;
          M32 = cpu.words;
          codePage = cpu.codePage;
          break;
        }
        case 128: {
          // ALLOCA
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          cpu.alloca(a, b);
          break;
        }
        case 130: {
          // IDX32
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          const count = r[c]!;
          const from = r[b]!;
          if ((count + 0x100000) >>> 0 < 0x200000 && (imm + 512) >>> 0 < 1024) {
            const distance = Math.imul(count, imm);
            const low = (from + distance) | 0;
            r[a + 1] = r[b + 1]! + (distance >> 31) + (low >>> 0 < from >>> 0 ? 1 : 0);
            r[a] = low;
            break;
          }
          const sum = (from >>> 0) + count * imm;
          const carry = Math.floor(sum / TWO32);
          r[a + 1] = r[b + 1]! + carry;
          r[a] = (sum - carry * TWO32) | 0;
          break;
        }
        case 131: {
          // IDX64
          const a = (w >>> 7) & 0x1fe;
          const b = (w >>> 15) & 0x1fe;
          const c = (w >>> 23) & 0x1fe;
          cpu.index(a, b, c, imm);
          break;
        }
        case 132: {
          // LIBRARY
          cpu.pc = pc - 8;
          cpu.left = left;
          cpu.library(imm);
          left = Math.min(left, cpu.left);
          pc = cpu.pc;
          M8 = cpu.bytes;
          M32 = cpu.words;
          codePage = cpu.codePage;
          break;
        }
        default:
          throw new Fault(SIGNALS.SIGILL, CODES.ILL_ILLOPC, cpu.textStart + began, 'no instruction');
      }
    }
    cpu.pc = pc;
  } catch (error) {
    cpu.pc = began;
    throw error;
  } finally {
    cpu.left = left;
  }
}

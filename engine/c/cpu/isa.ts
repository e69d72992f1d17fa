/**
 * The instruction set that C is compiled to. An instruction has eight bytes: operation, registers a, b and c, then a
 * signed 32-bit number `imm`, little-endian. There are 64 registers of 64 bits; a float or double is held as a double.
 * Operations on 32 bits leave the upper half of their result undefined, as nobody reads it.
 */
export const OPERATIONS = [
  // Zeroed memory is no program.
  'ILLEGAL',
  'MOV', // a = b
  'LI', // a = imm
  'LI64', // a = the eight bytes behind the instruction
  'LEA', // a = b + imm
  'LD8S', 'LD8U', 'LD16S', 'LD16U', 'LD32', 'LD64', 'LDF32', // a = [b + imm]
  'ST8', 'ST16', 'ST32', 'ST64', 'STF32', // [b + imm] = a
  'ADD32', 'SUB32', 'MUL32', 'DIVS32', 'DIVU32', 'REMS32', 'REMU32', 'AND32', 'OR32', 'XOR32', // a = b op c
  'SHL32', 'SHRS32', 'SHRU32',
  'ADDI32', 'MULI32', 'ANDI32', 'SHLI32', 'SHRSI32', 'SHRUI32', // a = b op imm
  'ADD64', 'SUB64', 'MUL64', 'DIVS64', 'DIVU64', 'REMS64', 'REMU64', 'AND64', 'OR64', 'XOR64',
  'SHL64', 'SHRS64', 'SHRU64',
  'MULI64', 'SHLI64', 'SHRSI64', 'SHRUI64',
  'NEG32', 'NOT32', 'NEG64', 'NOT64', // a = op b
  'FADD', 'FSUB', 'FMUL', 'FDIV', // a = b op c
  'FNEG', 'FRND', // a = op b; FRND rounds to a float
  'SX8', 'SX16', 'ZX8', 'ZX16', 'SX64', 'ZX64', // a = b extended from so many bits; SX64 and ZX64 from 32 to 64
  'I2F', 'U2F', 'L2F', 'UL2F', 'L2S', 'UL2S', // integer to double; L2S and UL2S round once, to a float
  'F2I', 'F2L', 'F2UL', // as CVTTSD2SI does
  'EQ32', 'NE32', 'LT32', 'LE32', 'LTU32', 'LEU32', // a = b op c
  'EQ64', 'NE64', 'LT64', 'LE64', 'LTU64', 'LEU64',
  'FEQ', 'FNE', 'FLT', 'FLE',
  'SNZ32', 'SZ32', 'SNZ64', 'SZ64', // a = b is (not) zero
  'JMP', // to imm, bytes from the start of the text
  'BZ32', 'BNZ32', 'BZ64', 'BNZ64', // when a is (not) zero
  'BEQ32', 'BNE32', 'BLT32', 'BLE32', 'BLTU32', 'BLEU32', // when a op b
  'BEQ64', 'BNE64', 'BLT64', 'BLE64', 'BLTU64', 'BLEU64',
  'BEQI32', 'BNEI32', 'BLTI32', 'BLEI32', 'BGTI32', 'BGEI32', // when a op c as a signed byte
  'CALL', // pushes the address behind it, goes to imm
  'CALLR', // the same, to the address in a
  'RET',
  'ENTER', // pushes the frame pointer, which becomes the stack pointer; imm bytes below are the frame
  'LEAVE',
  'COPY', // imm bytes from [b] to [a]
  'ZERO', // imm bytes at [a]
  'ALLOCA', // stack pointer down by b, to a multiple of 16; a = stack pointer
  'INCM32', // [b + imm] += c as a signed byte, 32 bits
  'IDX32', // a = b + c as a signed 32-bit number × imm
  'IDX64', // a = b + c × imm
  'LIBRARY', // the library's function number imm
] as const; // prettier-ignore

export type Operation = (typeof OPERATIONS)[number];
export const OP = Object.fromEntries(OPERATIONS.map((name, i) => [name, i])) as Readonly<Record<Operation, number>>;

export const REGISTERS = 64;
export const REGISTER_BYTES = 8;
/** Start of the text: globals are reached from here. */
export const GP = 61;
export const FP = 62;
export const SP = 63;
/** The first of the registers that expressions do not use; the results of functions come in register 0. */
export const FIRST_SPECIAL = 61;
export const INSTRUCTION_BYTES = 8;

/** The text of the program begins a page behind its file's header. Source: gcc's default layout of a PIE without ASLR. */
export const TEXT_START = 0x555555555000;

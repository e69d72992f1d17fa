/** The C side's face towards the kernel and the command line. */
export { LIBRARY_FUNCTIONS } from './headers/headers.ts';
export { compileC } from './program.ts';
export { Refusal } from './source/place.ts';
export type { Image } from './compile/link.ts';
export type { Local } from './syntax/ast.ts';
export type { StopPoint } from './compile/emitter.ts';
export {
  paddingOf,
  TYPE_CLASSES,
  typeClasses,
  type AccessNote,
  type CallNote,
  type IndexNote,
  type Note,
} from './compile/notes.ts';
export type { MemoryTap } from './cpu/machine.ts';
export { libraryName } from './library/library.ts';
export { OP, OPERATIONS, REGISTER_BYTES } from './cpu/isa.ts';
export { Cpu } from './cpu/cpu.ts';
export { findMember, isVla, sizeOf, typeName, type CType, type Member } from './types/types.ts';
export type { SecretComment, Symbol } from './compile/link.ts';
export { FP, SP, TEXT_START } from './cpu/isa.ts';
export { CODES, Fault, FETCH, SIGNALS, WRITE, type AccessKind, type Pager } from './cpu/machine.ts';
export { Call, type Caller } from './library/call.ts';
export { errorNumber } from './library/errors.ts';
export { callLibrary } from './library/library.ts';
export { enterHandler, infoOf, type SignalInfo } from './library/signals.ts';
export type { SignalAction, System, Usage } from './library/system.ts';

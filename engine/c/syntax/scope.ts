import type { ArrayType, CType, RecordType, IntType } from '../types/types.ts';
import type { Place } from '../source/place.ts';
import type { Global, Local } from './ast.ts';

/** What a name can stand for. */
export type Entity =
  | Local
  | Global
  | { readonly kind: 'typedef'; readonly type: CType }
  | { readonly kind: 'enumerator'; readonly value: bigint; readonly type: IntType }
  /** An array of variable length: `pointer` holds where it is. */
  | { readonly kind: 'vla'; readonly type: ArrayType; readonly pointer: Local };

/** A struct or union, or an enumeration. */
export type Tag = RecordType | { readonly kind: 'enum'; readonly type: IntType };

/** The scopes of C17 6.2.1 and the two name spaces of ordinary names and tags. */
export class Scopes {
  private readonly stack: { names: Map<string, Entity>; tags: Map<string, Tag> }[] = [
    { names: new Map(), tags: new Map() },
  ];

  get isFileScope(): boolean {
    return this.stack.length === 1;
  }

  enter(): void {
    this.stack.push({ names: new Map(), tags: new Map() });
  }

  /** @param place what comes behind the scope */
  leave(place: Place): void {
    for (const entity of this.stack.pop()!.names.values()) {
      const local = entity.kind === 'vla' ? entity.pointer : entity;
      if (local.kind === 'local') local.until = place;
    }
  }

  find(name: string): Entity | null {
    for (let i = this.stack.length - 1; i >= 0; i--) {
      const found = this.stack[i]!.names.get(name);
      if (found !== undefined) return found;
    }
    return null;
  }

  findHere(name: string): Entity | null {
    return this.stack.at(-1)!.names.get(name) ?? null;
  }

  declare(name: string, entity: Entity): void {
    this.stack.at(-1)!.names.set(name, entity);
  }

  /** A name of the whole file: functions declared in a block are meant for all of it. */
  findGlobal(name: string): Entity | null {
    return this.stack[0]!.names.get(name) ?? null;
  }

  declareGlobal(name: string, entity: Entity): void {
    this.stack[0]!.names.set(name, entity);
  }

  findTag(name: string, hereOnly: boolean): Tag | null {
    for (let i = this.stack.length - 1; i >= (hereOnly ? this.stack.length - 1 : 0); i--) {
      const found = this.stack[i]!.tags.get(name);
      if (found !== undefined) return found;
    }
    return null;
  }

  declareTag(name: string, tag: Tag): void {
    this.stack.at(-1)!.tags.set(name, tag);
  }
}

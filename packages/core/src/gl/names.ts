import { GL_OBJECT_KINDS, type GlObjectKind } from "./ops.js";

/** Indices that the addon's name tables hold, per kind (`GL_NAMES_MAX` in addon/gl.h). */
export const GL_NAMES_MAX = 1 << 20;

/** Hands out dense indices, lowest-used-last: 1, 2, 3, ..., then freed ones again. 0 is never handed out: it is GL's name 0. */
export class NameAllocator {
  readonly #max: number;
  #next = 1;
  #live = 0;
  #free = new Int32Array(64);
  #freeCount = 0;

  /** @param max indices are below it. */
  constructor(max: number = GL_NAMES_MAX) {
    this.#max = max;
  }

  /** How many indices are in use. */
  get live(): number {
    return this.#live;
  }

  /** Every index is free again. */
  reset(): void {
    this.#next = 1;
    this.#live = 0;
    this.#freeCount = 0;
  }

  /** An index that is not in use, or 0 when all are. */
  allocate(): number {
    if (this.#freeCount > 0) {
      this.#live++;
      return this.#free[--this.#freeCount]!;
    }
    if (this.#next >= this.#max) return 0;
    this.#live++;
    return this.#next++;
  }

  /** Gives an index back. It must have been allocated and not freed since; 0 is ignored. */
  free(index: number): void {
    if (index === 0) return;
    if (this.#freeCount === this.#free.length) {
      const grown = new Int32Array(this.#free.length * 2);
      grown.set(this.#free);
      this.#free = grown;
    }
    this.#free[this.#freeCount++] = index;
    this.#live--;
  }
}

/** One allocator per kind of GL object. */
export type GlNames = Readonly<Record<GlObjectKind, NameAllocator>>;

/** Empty allocators for all kinds. */
export function createGlNames(): GlNames {
  const names = {} as Record<GlObjectKind, NameAllocator>;
  for (const kind of GL_OBJECT_KINDS) names[kind] = new NameAllocator();
  return names;
}

import { assert } from "../base/index.js";
import { GL_OBJECT_KINDS, type GlObjectKind } from "./ops.js";

/** Indices that the addon's name tables hold, per kind (`GL_NAMES_MAX` in addon/gl.h). */
export const GL_NAMES_MAX = 1 << 20;

/** Of each kind, for passes of our own: a guest that takes every other name must not stop what others' commands need. */
const RESERVED_NAMES = 4096;

/**
 * Hands out dense indices, lowest-used-last: 1, 2, 3, ..., then freed ones again. 0 is never handed out: it is GL's name 0. What guests ask
 * for leaves a reserve, which `allocateOwn` alone may use.
 */
export class NameAllocator {
  readonly #max: number;
  readonly #guestsMost: number;
  #next = 1;
  #live = 0;
  #free = new Int32Array(64);
  #freeCount = 0;

  /**
   * @param max indices are below it
   * @param reserved so many are left to `allocateOwn`
   */
  constructor(max: number = GL_NAMES_MAX, reserved = 0) {
    this.#max = max;
    this.#guestsMost = max - 1 - reserved;
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

  /** An index that is not in use, or 0 when all but the reserve are: the guest's error. */
  allocate(): number {
    return this.#live >= this.#guestsMost ? 0 : this.#take();
  }

  /** As `allocate`, for something that no guest can have many of; from the reserve, too. @throws {InternalError} when that is used up */
  allocateOwn(): number {
    const index = this.#take();
    assert(index !== 0, "there are no GL names or segments left for passes of our own");
    return index;
  }

  #take(): number {
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
  for (const kind of GL_OBJECT_KINDS) names[kind] = new NameAllocator(GL_NAMES_MAX, RESERVED_NAMES);
  return names;
}

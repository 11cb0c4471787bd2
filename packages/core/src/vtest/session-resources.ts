import type { SharedMemory } from "./channel.js";

/** What the session remembers of a resource; the renderer holds the rest. */
export interface SessionResource {
  readonly id: number;
  readonly bind: number;
  readonly width: number;
  readonly height: number;
  /** Shared memory, if the client asked for some. */
  readonly memory: SharedMemory | null;
}

/** Ids below this find their resource in an array. */
const DENSE_IDS = 65_536;

/**
 * The resources of one session, with the sum of their shared memory. In an array: clients make and drop one per frame, and a map that
 * is set and deleted from for ever leaves tables behind that keep each other alive until V8 collects its old generation.
 */
export class SessionResources {
  readonly #dense: (SessionResource | undefined)[] = [];
  readonly #sparse = new Map<number, SessionResource>();
  #count = 0;
  #sharedBytes = 0;

  get count(): number {
    return this.#count;
  }

  get sharedBytes(): number {
    return this.#sharedBytes;
  }

  get(id: number): SessionResource | undefined {
    return id < DENSE_IDS ? this.#dense[id] : this.#sparse.get(id);
  }

  /** Its id must be free. */
  add(resource: SessionResource): void {
    this.#set(resource.id, resource);
    this.#count += 1;
    this.#sharedBytes += resource.memory?.segment.bytes.length ?? 0;
  }

  /** Forgets the resource; its memory is the caller's to release. */
  remove(id: number): SessionResource | undefined {
    const resource = this.get(id);
    if (resource === undefined) return undefined;
    this.#set(id, undefined);
    this.#count -= 1;
    this.#sharedBytes -= resource.memory?.segment.bytes.length ?? 0;
    return resource;
  }

  /** A list of its own: it does not change with the resources. */
  ids(): number[] {
    const ids: number[] = [];
    for (let id = 0; id < this.#dense.length; id++) if (this.#dense[id] !== undefined) ids.push(id);
    return [...ids, ...this.#sparse.keys()];
  }

  #set(id: number, resource: SessionResource | undefined): void {
    if (id < DENSE_IDS) {
      // Without holes: an array with holes is slower.
      while (this.#dense.length <= id) this.#dense.push(undefined);
      this.#dense[id] = resource;
    } else if (resource === undefined) this.#sparse.delete(id);
    else this.#sparse.set(id, resource);
  }
}

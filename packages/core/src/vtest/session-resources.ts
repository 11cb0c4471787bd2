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

/** The resources of one session, with the sum of their shared memory. */
export class SessionResources {
  readonly #byId = new Map<number, SessionResource>();
  #sharedBytes = 0;

  get count(): number {
    return this.#byId.size;
  }

  get sharedBytes(): number {
    return this.#sharedBytes;
  }

  get(id: number): SessionResource | undefined {
    return this.#byId.get(id);
  }

  add(resource: SessionResource): void {
    this.#byId.set(resource.id, resource);
    this.#sharedBytes += resource.memory?.segment.bytes.length ?? 0;
  }

  /** Forgets the resource; its memory is the caller's to release. */
  remove(id: number): SessionResource | undefined {
    const resource = this.#byId.get(id);
    if (resource === undefined) return undefined;
    this.#byId.delete(id);
    this.#sharedBytes -= resource.memory?.segment.bytes.length ?? 0;
    return resource;
  }

  ids(): IterableIterator<number> {
    return this.#byId.keys();
  }
}

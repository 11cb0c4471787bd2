import type { GlesHost } from "../gles-host.js";

/**
 * An entry of a sub-context's object table. The table holds one reference and every binding another, so an object that
 * is destroyed while bound (or whose resource is gone) stays valid until nothing draws with it any more.
 */
export abstract class VirglObject {
  /** VIRGL_OBJECT_… */
  readonly type: number;
  #references = 1;

  constructor(type: number) {
    this.type = type;
  }

  retain(): void {
    this.#references++;
  }

  /** Drops one reference; the last one frees what the object holds of the host. */
  release(host: GlesHost): void {
    if (--this.#references === 0) this.dispose(host);
  }

  /** Frees GL names and resource references. Objects that are pure numbers have none. */
  protected dispose(_host: GlesHost): void {}
}

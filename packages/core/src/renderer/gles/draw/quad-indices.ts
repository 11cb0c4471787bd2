import { CopyReason } from "../../../memory/index.js";
import type { GlesHost } from "../gles-host.js";
import * as gl from "../state/gl-enum.js";

const MAX_QUADS = 1 << 18;
const FIRST_QUADS = 1024;

/** Indices that draw quads 0, 1, 2… as two triangles each, last vertex first in provoking order. GLES has no quads. */
export class QuadIndices {
  readonly #host: GlesHost;
  #name = 0;
  #quads = 0;

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /** A GL buffer of 32-bit indices for at least this many quads; 0 when that is too many. */
  buffer(quads: number): number {
    if (quads <= this.#quads) return this.#name;
    if (quads > MAX_QUADS) return 0;
    const { encoder, names, bindings, ledger } = this.#host;
    let size = Math.max(FIRST_QUADS, this.#quads);
    while (size < quads) size *= 2;
    const at = encoder.stage(size * 24);
    const indices = new Uint32Array(encoder.staging.buffer, encoder.staging.byteOffset + at, size * 6);
    for (let i = 0; i < size; i++) {
      const first = i * 4;
      indices.set([first, first + 1, first + 3, first + 1, first + 2, first + 3], i * 6);
    }
    if (this.#name !== 0) {
      bindings.forgetBuffer(this.#name);
      encoder.deleteBuffer(this.#name);
    } else {
      this.#name = names.buffer.allocateOwn();
    }
    encoder.createBuffer(this.#name);
    encoder.bindBuffer(gl.COPY_WRITE_BUFFER, this.#name);
    encoder.bufferData(gl.COPY_WRITE_BUFFER, gl.STATIC_DRAW, encoder.stagingSegment, at, size * 24);
    ledger.count(CopyReason.HOST_CONVERT, size * 24);
    this.#quads = size;
    return this.#name;
  }
}

/** Stream files on disk, gzipped when the name ends in `.gz` (writing) or the bytes say so (reading). */
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";
import { gunzipSync, gzipSync } from "node:zlib";
import { HostError } from "@virtgpu/core/base";

/** Bytes are gathered to this size before they are compressed and written: each piece is one gzip member (RFC 1952, 2.2). */
const MEMBER_BYTES = 4 << 20;

/** Appends bytes to a new file. `write` copies, so the caller may reuse its buffer. */
export class CaptureFileWriter {
  readonly #fd: number;
  readonly #gzip: boolean;
  readonly #buffer = new Uint8Array(MEMBER_BYTES);
  #used = 0;
  /** Bytes given to `write`, before compression. */
  writtenBytes = 0;

  /** Creates or truncates `path`. @throws {HostError} CAPTURE_FILE */
  constructor(path: string) {
    try {
      this.#fd = openSync(path, "w", 0o600);
    } catch (error) {
      throw new HostError(
        "CAPTURE_FILE",
        `cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
    this.#gzip = path.endsWith(".gz");
  }

  write(bytes: Uint8Array): void {
    this.writtenBytes += bytes.length;
    let at = 0;
    while (at < bytes.length) {
      const count = Math.min(bytes.length - at, MEMBER_BYTES - this.#used);
      this.#buffer.set(bytes.subarray(at, at + count), this.#used);
      this.#used += count;
      at += count;
      if (this.#used === MEMBER_BYTES) this.#flush();
    }
  }

  close(): void {
    this.#flush();
    closeSync(this.#fd);
  }

  #flush(): void {
    if (this.#used === 0) return;
    const piece = this.#buffer.subarray(0, this.#used);
    const bytes = this.#gzip ? gzipSync(piece, { level: 1 }) : piece;
    for (let at = 0; at < bytes.length;) at += writeSync(this.#fd, bytes, at);
    this.#used = 0;
  }
}

/** The whole file, unpacked. @throws {HostError} CAPTURE_FILE when it cannot be read or unpacked. */
export function readCaptureFile(path: string): Uint8Array {
  try {
    const bytes = readFileSync(path);
    const plain = bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
    // Not as a Buffer: its `slice` shares memory, a Uint8Array's copies, and callers are promised the latter.
    return new Uint8Array(plain.buffer, plain.byteOffset, plain.byteLength);
  } catch (error) {
    throw new HostError(
      "CAPTURE_FILE",
      `cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    );
  }
}

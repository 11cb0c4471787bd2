import {
  CAPTURE_HEADER_BYTES,
  CAPTURE_MAGIC,
  CAPTURE_PAGE_BYTES,
  CAPTURE_VERSION,
  RECORD_HEADER_BYTES,
  RecordKind,
} from "./format.js";

/** A capture that cannot be read on. `offsetBytes` is where. */
export class CaptureFormatError extends Error {
  override readonly name = "CaptureFormatError";
  readonly offsetBytes: number;

  constructor(message: string, offsetBytes: number) {
    super(`${message} (at byte ${offsetBytes})`);
    this.offsetBytes = offsetBytes;
  }
}

/**
 * Steps through a capture that is wholly in memory. `next` makes a record current; its payload is a view, no copy.
 * Numbers are checked: a damaged file gives a `CaptureFormatError`, never a read outside.
 */
export class CaptureReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #next = CAPTURE_HEADER_BYTES;
  /** Kind of the current record: one of `RecordKind`, or a kind that a later version added. */
  kind = 0;
  /** Payload of the current record. Borrowed from the file. */
  payload: Uint8Array = new Uint8Array(0);
  /** Microseconds since the record before. */
  deltaMicros = 0;

  /** @throws {CaptureFormatError} when `bytes` does not begin like a capture. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const isCapture = bytes.length >= CAPTURE_HEADER_BYTES && CAPTURE_MAGIC.every((byte, i) => bytes[i] === byte);
    if (!isCapture) throw new CaptureFormatError("not a capture file", 0);
    const version = this.#view.getUint32(8, true);
    if (version !== CAPTURE_VERSION)
      throw new CaptureFormatError(`capture version ${version}, expected ${CAPTURE_VERSION}`, 8);
  }

  /** Byte position of the record that `next` will read. */
  get offsetBytes(): number {
    return this.#next;
  }

  rewind(): void {
    this.#next = CAPTURE_HEADER_BYTES;
  }

  /** False at the end of the file. @throws {CaptureFormatError} when a record is cut. */
  next(): boolean {
    const at = this.#next;
    const left = this.#bytes.length - at;
    if (left === 0) return false;
    if (left < RECORD_HEADER_BYTES) throw new CaptureFormatError("record header cut", at);
    const length = this.#view.getUint32(at + 4, true);
    const padded = length + (-length & 3);
    if (padded > left - RECORD_HEADER_BYTES) throw new CaptureFormatError(`record of ${length} bytes cut`, at);
    this.kind = this.#view.getUint32(at, true);
    this.deltaMicros = this.#view.getUint32(at + 8, true);
    this.payload = this.#bytes.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    this.#next = at + RECORD_HEADER_BYTES + padded;
    return true;
  }

  /** Word `index` of the current payload; @throws {CaptureFormatError} when the payload is shorter. */
  word(index: number): number {
    const { payload } = this;
    if (index * 4 + 4 > payload.length) throw new CaptureFormatError("payload too short", this.#next);
    return this.#view.getUint32(payload.byteOffset - this.#view.byteOffset + index * 4, true);
  }

  /** Resource id of a MEMORY or SHARED_MEMORY record. */
  get resourceId(): number {
    return this.word(0);
  }

  /** Copies the pages of the current MEMORY record into `target`. @throws {CaptureFormatError} when they do not fit. */
  applyMemory(target: Uint8Array): void {
    if (this.kind !== RecordKind.MEMORY) throw new CaptureFormatError("not a memory record", this.#next);
    const runs = this.word(1);
    let source = 8 + runs * 8;
    for (let i = 0; i < runs; i++) {
      const start = this.word(2 + i * 2) * CAPTURE_PAGE_BYTES;
      const end = Math.min(target.length, start + this.word(3 + i * 2) * CAPTURE_PAGE_BYTES);
      const length = end - start;
      if (length <= 0 || source + length > this.payload.length)
        throw new CaptureFormatError("memory run outside", this.#next);
      target.set(this.payload.subarray(source, source + length), start);
      source += length;
    }
  }
}

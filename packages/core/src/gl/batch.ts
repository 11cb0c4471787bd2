import { InternalError, assert } from "../base/index.js";
import { GL_BAD_PIECE, GL_SEGMENTS_MAX, GL_ZERO_SEGMENT, type GlBackend } from "./backend.js";
import { GL_DATA_WORDS, GL_OP_LAYOUTS } from "./layout.js";
import { GL_OBJECT_KINDS } from "./ops.js";
import { NameAllocator, createGlNames, type GlNames } from "./names.js";

const STAGING_BYTES = 1 << 20;
/** Segments that guests' memory and objects leave to memory of our own. */
const RESERVED_SEGMENTS = 256;
/** Staging that grew past this goes back to `STAGING_BYTES` with the next batch that stages. */
const STAGING_KEEP_BYTES = 8 << 20;
const PIECE_WORDS = 4;
const MAX_PIECES = 16384;
/** Words that `stage` keeps free, so that the ops which use the staged bytes fall into the same batch. */
const STAGE_RESERVE_WORDS = 256;

/** Bytes of one data reference: its length is one word of the op. */
export const GL_DATA_BYTES_MAX = 0xffffffff;

/** Sizes of a batch. The memory is allocated once. */
export interface GlBatchOptions {
  /** Words of ops in a batch. Default 64 Ki. */
  readonly wordCapacity?: number;
  /** Default 2 MiB: a draw with 13 blocks of 64 KiB in two stages fits. */
  readonly ringBytes?: number;
  /** `stage` looks for ops that refer to staged bytes which are about to be overwritten. For tests: takes time. */
  readonly isChecked?: boolean;
}

/**
 * One batch of encoded ops with what they refer to: words, the uniform ring with its gather pieces, and staging memory.
 * A batch is handed to the back end by `flush`, or by itself when it is full; ops never straddle two batches.
 */
export class GlBatch {
  readonly backend: GlBackend;
  readonly names: GlNames;
  /** Ops so far: `words[0..count)`. Written by the generated methods only. */
  readonly words: Uint32Array;
  /** The same memory as `words`. */
  readonly floats: Float32Array;
  count = 0;

  /** Uniform ring contents of this batch; write only inside blocks from `ringBlock`. */
  readonly ring: Uint8Array;
  readonly ringFloats: Float32Array;
  readonly ringWords: Uint32Array;

  /** Why the back end refused a batch; "": it did not. See `onRefusal`. */
  refusal = "";
  /**
   * Called when the back end refuses an op, which is a bug of ours. What came behind the op did not run, so that nothing that is known of GL's
   * state holds: nothing is executed any more until `restart`. Null: `flush` throws, and goes on with the next batch.
   */
  onRefusal: ((message: string) => void) | null = null;

  /** Goes up with every flush: ring offsets, ring bindings and staged bytes of an older batch are void. */
  batchId = 1;

  /** Segment id of `staging`. */
  readonly stagingSegment = 0;
  /** Private memory for data of ops in this batch, by `stage`. Replaced when it grows: read the field after `stage`. */
  staging: Uint8Array;

  readonly #capacity: number;
  readonly #pieces = new Uint32Array(MAX_PIECES * PIECE_WORDS);
  readonly #ringAlignment: number;
  readonly #ringCapacity: number;
  readonly #segments = new NameAllocator(GL_SEGMENTS_MAX, RESERVED_SEGMENTS);
  readonly #ownSegments: number[] = [];
  readonly #isChecked: boolean;
  #pieceCount = 0;
  #ringUsed = 0;
  #staged = 0;

  constructor(backend: GlBackend, options: GlBatchOptions = {}) {
    this.backend = backend;
    this.names = createGlNames();
    this.#capacity = options.wordCapacity ?? 1 << 16;
    this.#isChecked = options.isChecked ?? false;
    this.words = new Uint32Array(this.#capacity);
    this.floats = new Float32Array(this.words.buffer);
    this.#ringCapacity = options.ringBytes ?? 2 << 20;
    this.ring = new Uint8Array(this.#ringCapacity);
    this.ringFloats = new Float32Array(this.ring.buffer);
    this.ringWords = new Uint32Array(this.ring.buffer);
    this.#ringAlignment = Math.max(16, backend.caps.limits.uniformBufferOffsetAlignment);
    this.staging = new Uint8Array(STAGING_BYTES);
    backend.attach({ words: this.words, pieces: this.#pieces, ring: this.ring });
    backend.registerSegment(this.stagingSegment, this.staging);
  }

  /** Room for one op; flushes first when the batch is full. @returns index of its first word. */
  take(lengthWords: number): number {
    let at = this.count;
    if (at + lengthWords > this.#capacity) {
      this.flush();
      at = 0;
    }
    this.count = at + lengthWords;
    return at;
  }

  /**
   * Makes sure that the next `lengthWords` words of ops and `blocks` ring blocks of together `blockBytes` bytes fall into one
   * batch, by flushing if they would not. Call before the first op or ring block of a draw.
   */
  reserve(lengthWords: number, blocks = 0, blockBytes = 0): void {
    if (
      this.count + lengthWords <= this.#capacity &&
      this.#ringUsed + blockBytes + blocks * this.#ringAlignment <= this.#ringCapacity &&
      this.#pieceCount + blocks * 4 <= MAX_PIECES
    ) {
      return;
    }
    this.flush();
    assert(lengthWords <= this.#capacity, `a reservation of ${lengthWords} words exceeds the batch`);
    assert(
      blockBytes + blocks * this.#ringAlignment <= this.#ringCapacity,
      `a reservation of ${blockBytes} ring bytes exceeds the ring`,
    );
  }

  /**
   * Space in the uniform ring, to be filled with `ringFloats`, `ringWords`, `ringCopy` and `ringZero` (what is not written holds
   * stale bytes) and bound with `bindUniformRing`. Needs a reservation. @returns its ring offset in bytes, aligned for binding.
   */
  ringBlock(sizeBytes: number): number {
    const at = Math.ceil(this.#ringUsed / this.#ringAlignment) * this.#ringAlignment;
    if (at + sizeBytes > this.#ringCapacity) throw new InternalError("uniform ring overrun: reserve first");
    this.#ringUsed = at + Math.ceil(sizeBytes / 16) * 16;
    return at;
  }

  /** Copies from a segment into the ring when the batch is replayed; the source must keep its bytes until then. Offsets in bytes, below 4 GiB. */
  ringCopy(ringOffsetBytes: number, segment: number, srcOffsetBytes: number, lengthBytes: number): void {
    if (lengthBytes === 0) return;
    if (this.#pieceCount === MAX_PIECES) throw new InternalError("gather list overrun: reserve first");
    const pieces = this.#pieces;
    const at = this.#pieceCount++ * PIECE_WORDS;
    pieces[at] = segment;
    pieces[at + 1] = srcOffsetBytes;
    pieces[at + 2] = lengthBytes;
    pieces[at + 3] = ringOffsetBytes;
  }

  /** Zeroes ring bytes when the batch is replayed. */
  ringZero(ringOffsetBytes: number, lengthBytes: number): void {
    this.ringCopy(ringOffsetBytes, GL_ZERO_SEGMENT, 0, lengthBytes);
  }

  /**
   * One constant block: `sysBytes` for the caller to write at the returned offset, then `lengthBytes` from the segment, then zeros
   * up to `blockBytes`. What does not fit is cut. Needs a reservation of 1 block. @returns the block's ring offset.
   */
  constants(segment: number, srcOffsetBytes: number, lengthBytes: number, blockBytes: number, sysBytes = 0): number {
    const at = this.ringBlock(blockBytes);
    const copied = Math.min(lengthBytes, blockBytes - sysBytes);
    this.ringCopy(at + sysBytes, segment, srcOffsetBytes, copied);
    const filled = sysBytes + copied;
    if (filled < blockBytes) this.ringZero(at + filled, blockBytes - filled);
    return at;
  }

  /**
   * Private bytes for the data of the next ops (up to 256 words of them), 16-byte aligned; contents are stale: anybody's. May flush, so
   * stage before the ops that belong together. After a flush the bytes are still there until the next `stage`, by which every op that refers
   * to them must have been flushed. @returns offset in `staging`.
   */
  stage(sizeBytes: number): number {
    this.reserve(STAGE_RESERVE_WORDS);
    let at = this.#staged;
    if (at === 0 && this.#isChecked) this.#checkNothingStaged();
    if (at === 0 && this.staging.length > STAGING_KEEP_BYTES) this.#resizeStaging(STAGING_BYTES);
    if (at + sizeBytes > this.staging.length) {
      this.flush();
      at = 0;
      if (sizeBytes > this.staging.length) this.#resizeStaging(sizeBytes);
    }
    this.#staged = Math.ceil((at + sizeBytes) / 16) * 16;
    return at;
  }

  /**
   * Registers memory for data references. @returns its segment id, or 0 when there are too many segments: the guest's error, never an id to
   * use (0 is `stagingSegment`).
   */
  registerSegment(bytes: Uint8Array): number {
    const id = this.#segments.allocate();
    if (id !== 0) this.backend.registerSegment(id, bytes);
    return id;
  }

  /** As `registerSegment`, for memory of our own that no guest can have many of. Until `restart`. */
  registerOwnSegment(bytes: Uint8Array): number {
    const id = this.#segments.allocateOwn();
    this.#ownSegments.push(id);
    this.backend.registerSegment(id, bytes);
    return id;
  }

  /** Ends a registration; flushes first, as ops of this batch may refer to it. */
  unregisterSegment(id: number): void {
    this.flush();
    this.backend.unregisterSegment(id);
    this.#segments.free(id);
  }

  /** Hands the batch to the back end. @throws {InternalError} when the back end refuses an op, and there is no `onRefusal` */
  flush(): void {
    const wordCount = this.count;
    if (wordCount === 0) return;
    const pieceCount = this.#pieceCount;
    const ringBytes = this.#ringUsed;
    this.count = 0;
    this.#pieceCount = 0;
    this.#ringUsed = 0;
    this.#staged = 0;
    this.batchId++;
    if (this.refusal !== "") return;
    const bad = this.backend.replay(wordCount, pieceCount, ringBytes);
    if (bad !== -1) this.#refused(this.#refusal(bad, wordCount));
  }

  /** Drops what was encoded; nothing is executed any more until `restart`. For when what is known of GL's state does not hold. */
  refuse(message: string): void {
    this.refusal = message;
    this.#drop();
  }

  /** The back end has a new, empty context: what was not handed over is dropped, every name is free. Segments stay, but for our own. */
  restart(): void {
    this.#drop();
    for (const id of this.#ownSegments.splice(0)) this.unregisterSegment(id);
    for (const kind of GL_OBJECT_KINDS) this.names[kind].reset();
    this.refusal = "";
  }

  #drop(): void {
    this.count = this.#pieceCount = this.#ringUsed = this.#staged = 0;
    this.batchId++;
  }

  #refused(message: string): void {
    if (this.onRefusal === null) throw new InternalError(message);
    this.refuse(message);
    this.onRefusal(message);
  }

  /** The ops of this batch are none that were encoded for bytes which were staged before: those are overwritten next. */
  #checkNothingStaged(): void {
    for (let at = 0; at < this.count;) {
      const layout = GL_OP_LAYOUTS[this.words[at]! - 1]!;
      for (const arg of layout.args) {
        const first = at + arg.at;
        const isEmpty = this.words[first + GL_DATA_WORDS - 1] === 0;
        if (arg.kind !== "data" || this.words[first] !== this.stagingSegment || isEmpty) continue;
        throw new InternalError(
          `${this.#describe(at)} refers to bytes that are staged no more: flush before the next stage`,
        );
      }
      at += layout.lengthWords;
    }
  }

  #resizeStaging(sizeBytes: number): void {
    const staging = new Uint8Array(sizeBytes); // may throw: then the old one stays
    this.backend.unregisterSegment(this.stagingSegment);
    this.staging = staging;
    this.backend.registerSegment(this.stagingSegment, this.staging);
  }

  #refusal(bad: number, wordCount: number): string {
    if (bad === GL_BAD_PIECE) return "the GL back end refused a gather piece of the uniform ring";
    return `the GL back end refused ${this.#describe(bad)} at word ${bad} of ${wordCount}`;
  }

  #describe(at: number): string {
    const opcode = this.words[at] ?? 0;
    const layout = GL_OP_LAYOUTS[opcode - 1];
    if (layout === undefined) return `unknown opcode ${opcode}`;
    return `${layout.row.name}(${Array.from(this.words.subarray(at + 1, at + layout.lengthWords)).join(", ")})`;
  }
}

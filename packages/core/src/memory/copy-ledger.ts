/**
 * Counts every byte of payload that the device moves, by resource and reason, at the place where it is moved.
 * "Zero copy" is a claim about this ledger: every reason but `COMMAND_STREAM` and `CONSTANTS` is resource payload.
 * All places with their reasons and cures: `docs/copies.md`.
 */
export const CopyReason = {
  /** Memory to a GL texture or buffer, by the driver. */
  UPLOAD: 0,
  /** GL to memory, by the driver. */
  READBACK: 1,
  /** Scattered guest pages or padded rows made contiguous before an upload, or spread again after a read-back. */
  GATHER: 2,
  /** Bytes rearranged for a format that the host lacks. */
  SWIZZLE: 3,
  /** Moved to show a frame. */
  DISPLAY: 4,
  /** Shader constants into the uniform ring. */
  CONSTANTS: 5,
  /** The guest's command stream and requests into private memory. */
  COMMAND_STREAM: 6,
  /** Data carried inside the command stream (inline writes), put aside until the batch runs. */
  INLINE: 7,
  /** GL object to GL object inside the host (passes that the guest did not ask for). */
  HOST_CONVERT: 8,
  /** Payload over a socket, for protocols without shared memory (vtest 0 and 1). */
  SOCKET: 9,
  /** Contents that are kept in host memory: backing that goes, `--present=snapshot`. */
  SNAPSHOT: 10,
  /** Results of queries into guest memory. */
  QUERY_RESULT: 11,
  /** Zeros uploaded into storage that cannot be cleared, so that no guest sees another's old bytes. */
  ZERO_FILL: 12,
} as const;

export type CopyReasonCode = (typeof CopyReason)[keyof typeof CopyReason];

/** Names for people and metrics, indexed by code. */
export const COPY_REASON_NAMES = [
  "upload",
  "readback",
  "gather",
  "swizzle",
  "display",
  "constants",
  "command stream",
  "inline",
  "host convert",
  "socket",
  "snapshot",
  "query result",
  "zero fill",
] as const;

/** Whether bytes moved for this reason are resource payload, which zero copy is about. */
export function isPayload(reason: CopyReasonCode): boolean {
  return reason !== CopyReason.COMMAND_STREAM && reason !== CopyReason.CONSTANTS;
}

const REASONS = COPY_REASON_NAMES.length;
/** Per row: bytes by reason since creation, in the current frame, in the last frame. */
const ROW_WORDS = 3 * REASONS;
const CURRENT = REASONS;
const LAST = 2 * REASONS;
/** Ids below this find their row in an array, others in a map. */
const DENSE_IDS = 65_536;
const FIRST_ROWS = 256;
/** The row of the device itself: everything, whatever the resource. */
const DEVICE_ROW = 0;

/** Bytes by reason, each indexed by `CopyReason`. Copies: the caller may keep them. */
export interface CopyFigures {
  /** Since the resource was created; for the device, since start. */
  readonly total: Float64Array;
  /** In the last whole frame. */
  readonly lastFrame: Float64Array;
  /** Frames shown since the row began. */
  readonly frames: number;
}

/** Totals since start, and a row per living resource that ever moved a byte. */
export class CopyLedger {
  /** Bytes by reason. */
  readonly totalBytes = new Float64Array(REASONS);
  /** Number of copies by reason. */
  readonly totalCopies = new Float64Array(REASONS);
  /** Frames shown so far. */
  frames = 0;
  #rows = new Float64Array(FIRST_ROWS * ROW_WORDS);
  /** Frame that a row's current figures belong to. */
  #rowFrame = new Float64Array(FIRST_ROWS);
  /** Frame in which the row began. */
  #rowBegan = new Float64Array(FIRST_ROWS);
  #rowCount = 1;
  readonly #freeRows: number[] = [];
  #denseRows = new Uint32Array(1024);
  readonly #sparseRows = new Map<number, number>();

  /** Records `bytes` moved for `resourceId` (0: no resource). Never allocates after a resource's first copy. */
  count(reason: CopyReasonCode, bytes: number, resourceId = 0): void {
    this.totalBytes[reason]! += bytes;
    this.totalCopies[reason]! += 1;
    this.#add(DEVICE_ROW, reason, bytes);
    if (resourceId === 0) return;
    let row = this.#find(resourceId);
    if (row === 0) row = this.#begin(resourceId);
    this.#add(row, reason, bytes);
  }

  /** A frame was shown: what is counted from now on belongs to the next. */
  frameShown(): void {
    this.frames += 1;
  }

  /** What the whole device moved. */
  device(): CopyFigures {
    return this.#figures(DEVICE_ROW);
  }

  /** What was moved for one living resource, or null if nothing ever was. */
  resource(resourceId: number): CopyFigures | null {
    const row = this.#find(resourceId);
    return row === 0 ? null : this.#figures(row);
  }

  /** Resource payload moved for one living resource since it was created. */
  payloadOf(resourceId: number): number {
    const row = this.#find(resourceId);
    if (row === 0) return 0;
    let sum = 0;
    for (let reason = 0; reason < REASONS; reason++) {
      if (isPayload(reason as CopyReasonCode)) sum += this.#rows[row * ROW_WORDS + reason]!;
    }
    return sum;
  }

  /** Drops the row of a destroyed resource; the totals keep its bytes. Call when its id becomes free, before it is used again. */
  forget(resourceId: number): void {
    const row = this.#find(resourceId);
    if (row === 0) return;
    this.#freeRows.push(row);
    if (resourceId < DENSE_IDS) this.#denseRows[resourceId] = 0;
    else this.#sparseRows.delete(resourceId);
  }

  /** Back to nothing, rows of living resources included: what came before was no guest's. */
  reset(): void {
    this.totalBytes.fill(0);
    this.totalCopies.fill(0);
    this.frames = 0;
    this.#rows.fill(0);
    this.#rowFrame.fill(0);
    this.#rowBegan.fill(0);
  }

  #add(row: number, reason: number, bytes: number): void {
    this.#roll(row);
    const at = row * ROW_WORDS + reason;
    this.#rows[at]! += bytes;
    this.#rows[at + CURRENT]! += bytes;
  }

  /** Moves the row's current figures to where they belong now that frames have passed. */
  #roll(row: number): void {
    const passed = this.frames - this.#rowFrame[row]!;
    if (passed === 0) return;
    const rows = this.#rows;
    const at = row * ROW_WORDS;
    for (let reason = 0; reason < REASONS; reason++) {
      rows[at + LAST + reason] = passed === 1 ? rows[at + CURRENT + reason]! : 0;
      rows[at + CURRENT + reason] = 0;
    }
    this.#rowFrame[row] = this.frames;
  }

  #figures(row: number): CopyFigures {
    this.#roll(row);
    const at = row * ROW_WORDS;
    return {
      total: this.#rows.slice(at, at + REASONS),
      lastFrame: this.#rows.slice(at + LAST, at + LAST + REASONS),
      frames: this.frames - this.#rowBegan[row]!,
    };
  }

  #find(resourceId: number): number {
    if (resourceId >= DENSE_IDS) return this.#sparseRows.get(resourceId) ?? 0;
    return resourceId < this.#denseRows.length ? this.#denseRows[resourceId]! : 0;
  }

  #begin(resourceId: number): number {
    const row = this.#freeRows.pop() ?? this.#newRow();
    this.#rows.fill(0, row * ROW_WORDS, (row + 1) * ROW_WORDS);
    this.#rowFrame[row] = this.frames;
    this.#rowBegan[row] = this.frames;
    if (resourceId >= DENSE_IDS) {
      this.#sparseRows.set(resourceId, row);
      return row;
    }
    if (resourceId >= this.#denseRows.length) {
      const grown = new Uint32Array(Math.min(DENSE_IDS, Math.max(resourceId + 1, this.#denseRows.length * 2)));
      grown.set(this.#denseRows);
      this.#denseRows = grown;
    }
    this.#denseRows[resourceId] = row;
    return row;
  }

  #newRow(): number {
    const row = this.#rowCount++;
    if (row < this.#rowFrame.length) return row;
    const rows = this.#rowFrame.length * 2;
    this.#rows = grow(this.#rows, rows * ROW_WORDS);
    this.#rowFrame = grow(this.#rowFrame, rows);
    this.#rowBegan = grow(this.#rowBegan, rows);
    return row;
  }
}

function grow(old: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const grown = new Float64Array(length);
  grown.set(old);
  return grown;
}

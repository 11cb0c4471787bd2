/**
 * Counts every byte of payload that the device moves, by resource and reason, at the place where it is moved.
 * "Zero copy" is a claim about this ledger: every reason but `COMMAND_STREAM` and `CONSTANTS` is resource payload.
 */
export const CopyReason = {
  /** Guest memory to a GL texture or buffer. */
  UPLOAD: 0,
  /** GL to guest memory. */
  READBACK: 1,
  /** Scattered guest pages made contiguous before an upload. */
  GATHER: 2,
  /** Bytes rearranged for a format that the host lacks. */
  SWIZZLE: 3,
  /** Moved to show a frame. */
  DISPLAY: 4,
  /** Shader constants into the uniform ring. */
  CONSTANTS: 5,
  /** The guest's command stream into private memory. */
  COMMAND_STREAM: 6,
  /** Data carried inside the command stream (inline writes). */
  INLINE: 7,
  /** GL object to GL object inside the host (blits that the guest did not ask for). */
  HOST_CONVERT: 8,
  /** Payload over a socket, for protocols without shared memory (vtest 0 and 1). */
  SOCKET: 9,
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
] as const;

const REASONS = COPY_REASON_NAMES.length;

/** Totals since start. Per-resource rows are kept until the resource is forgotten. */
export class CopyLedger {
  /** Bytes by reason. */
  readonly totalBytes = new Float64Array(REASONS);
  /** Number of copies by reason. */
  readonly totalCopies = new Float64Array(REASONS);
  readonly #byResource = new Map<number, Float64Array>();

  /** Records `bytes` moved for `resourceId` (0: no resource). Never allocates after a resource's first copy. */
  count(reason: CopyReasonCode, bytes: number, resourceId = 0): void {
    this.totalBytes[reason]! += bytes;
    this.totalCopies[reason]! += 1;
    if (resourceId === 0) return;
    let row = this.#byResource.get(resourceId);
    if (row === undefined) {
      row = new Float64Array(REASONS);
      this.#byResource.set(resourceId, row);
    }
    row[reason]! += bytes;
  }

  /** Bytes by reason for one resource, or null if it never moved any. Borrowed. */
  resource(resourceId: number): Float64Array | null {
    return this.#byResource.get(resourceId) ?? null;
  }

  /** Drops the row of a destroyed resource; the totals keep its bytes. */
  forget(resourceId: number): void {
    this.#byResource.delete(resourceId);
  }
}

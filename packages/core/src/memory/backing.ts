import type { Segment } from "./segment.js";

/** A contiguous piece of guest memory. Invariant: `offsetBytes + lengthBytes <= segment.bytes.length`. */
export interface MemorySpan {
  readonly segment: Segment;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * The guest memory of a resource, in resource order (virtio-gpu: RESOURCE_ATTACH_BACKING; vtest: the shared
 * memory of RESOURCE_CREATE2). Immutable: a guest that changes its backing gets a new `Backing`.
 * Shared with the guest, which may write at any moment.
 */
export class Backing {
  readonly spans: readonly MemorySpan[];
  readonly sizeBytes: number;

  constructor(spans: readonly MemorySpan[]) {
    this.spans = spans;
    let size = 0;
    for (const span of spans) size += span.lengthBytes;
    this.sizeBytes = size;
  }

  /** The one span that holds [offset, offset + length), or null when the range is scattered or outside. */
  contiguous(offsetBytes: number, lengthBytes: number): MemorySpan | null {
    let start = 0;
    for (const span of this.spans) {
      const inside = offsetBytes - start;
      if (inside >= 0 && inside <= span.lengthBytes) {
        if (lengthBytes > span.lengthBytes - inside) return null;
        return { segment: span.segment, offsetBytes: span.offsetBytes + inside, lengthBytes };
      }
      start += span.lengthBytes;
    }
    return null;
  }

  /** Copies `target.length` bytes from `offsetBytes` on. The caller has checked that they lie inside. */
  read(offsetBytes: number, target: Uint8Array): void {
    readSpans(this.spans, offsetBytes, target);
  }
}

/** Copies what lies from `offsetBytes` of the spans' bytes on. @returns bytes copied: fewer than `target` takes when the spans end */
export function readSpans(spans: readonly MemorySpan[], offsetBytes: number, target: Uint8Array): number {
  let skip = offsetBytes;
  let done = 0;
  for (const span of spans) {
    if (done === target.length) break;
    if (skip >= span.lengthBytes) {
      skip -= span.lengthBytes;
      continue;
    }
    const count = Math.min(span.lengthBytes - skip, target.length - done);
    const from = span.offsetBytes + skip;
    target.set(span.segment.bytes.subarray(from, from + count), done);
    done += count;
    skip = 0;
  }
  return done;
}

/** The other way: from `source` to the spans. @returns bytes copied: fewer than `source` has when the spans end */
export function writeSpans(spans: readonly MemorySpan[], offsetBytes: number, source: Uint8Array): number {
  let skip = offsetBytes;
  let done = 0;
  for (const span of spans) {
    if (done === source.length) break;
    if (skip >= span.lengthBytes) {
      skip -= span.lengthBytes;
      continue;
    }
    const count = Math.min(span.lengthBytes - skip, source.length - done);
    span.segment.bytes.set(source.subarray(done, done + count), span.offsetBytes + skip);
    done += count;
    skip = 0;
  }
  return done;
}

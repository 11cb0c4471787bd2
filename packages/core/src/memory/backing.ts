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
  /** None is empty. */
  readonly spans: readonly MemorySpan[];
  readonly sizeBytes: number;
  /** Where each span begins in the backing, made when a place is first looked for in several. */
  #starts: Float64Array | null = null;
  /** The span of the last `find`: rows are asked for one after the other. */
  #last = 0;

  constructor(spans: readonly MemorySpan[]) {
    // An empty span holds no byte. A guest may send them by the hundred thousand, and readers would step over each, row by row.
    this.spans = spans.every(isFilled) ? spans : spans.filter(isFilled);
    let size = 0;
    for (const span of this.spans) size += span.lengthBytes;
    this.sizeBytes = size;
  }

  /**
   * Index of the span that holds the byte at `offsetBytes`; the number of spans when that is not inside. Steps do not grow with the
   * number of spans: a guest chooses it, and may ask for a place at every row and every transfer.
   */
  find(offsetBytes: number): number {
    const { spans, sizeBytes } = this;
    if (!(offsetBytes >= 0 && offsetBytes < sizeBytes)) return spans.length;
    if (spans.length === 1) return 0;
    const starts = (this.#starts ??= startsOf(spans));
    const last = this.#last;
    if (offsetBytes >= starts[last]!) {
      if (offsetBytes < starts[last + 1]!) return last;
      // Behind the last span is `sizeBytes`, so there is a next one.
      if (offsetBytes < starts[last + 2]!) return (this.#last = last + 1);
    }
    let low = 0;
    let high = spans.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offsetBytes) low = middle;
      else high = middle;
    }
    this.#last = low;
    return low;
  }

  /** Where span `index` begins in the backing; for the number of spans, where the last one ends. */
  startOf(index: number): number {
    const { spans } = this;
    if (index <= 0) return 0;
    if (index >= spans.length) return this.sizeBytes;
    return (this.#starts ??= startsOf(spans))[index]!;
  }

  /** The one span that holds [offset, offset + length), or null when the range is scattered or outside. */
  contiguous(offsetBytes: number, lengthBytes: number): MemorySpan | null {
    const index = this.find(offsetBytes);
    if (index === this.spans.length) return null;
    const span = this.spans[index]!;
    const inside = offsetBytes - this.startOf(index);
    if (lengthBytes > span.lengthBytes - inside) return null;
    return { segment: span.segment, offsetBytes: span.offsetBytes + inside, lengthBytes };
  }

  /** Copies `target.length` bytes from `offsetBytes` on. The caller has checked that they lie inside. */
  read(offsetBytes: number, target: Uint8Array): void {
    const index = this.find(offsetBytes);
    readSpans(this.spans, offsetBytes - this.startOf(index), target, index);
  }
}

function isFilled(span: MemorySpan): boolean {
  return span.lengthBytes > 0;
}

/** The sums of the lengths before each span, and of all. */
function startsOf(spans: readonly MemorySpan[]): Float64Array {
  const starts = new Float64Array(spans.length + 1);
  for (let i = 0; i < spans.length; i++) starts[i + 1] = starts[i]! + spans[i]!.lengthBytes;
  return starts;
}

/**
 * Adds a span behind the others: to the last one where both are one piece of memory, as the pages of a guest often are. Order and bytes
 * stay what they were.
 */
export function appendSpan(spans: MemorySpan[], span: MemorySpan): void {
  if (span.lengthBytes === 0) return;
  const last = spans.at(-1);
  if (last !== undefined && last.segment === span.segment && last.offsetBytes + last.lengthBytes === span.offsetBytes)
    spans[spans.length - 1] = { ...last, lengthBytes: last.lengthBytes + span.lengthBytes };
  else spans.push(span);
}

/**
 * Copies what lies from `offsetBytes` of the spans' bytes on, counted from the start of span `first`.
 * @returns bytes copied: fewer than `target` takes when the spans end
 */
export function readSpans(spans: readonly MemorySpan[], offsetBytes: number, target: Uint8Array, first = 0): number {
  let skip = offsetBytes;
  let done = 0;
  for (let i = first; i < spans.length && done < target.length; i++) {
    const span = spans[i]!;
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

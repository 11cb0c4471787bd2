/** The memory behind a resource, in pieces that touch guards, and what should be in it. For tests. */
import type { GlEncoder } from "@virtgpu/core/gl";
import { Backing, type MemorySpan, type Segment, type SegmentId } from "@virtgpu/core/memory";
import type { Random } from "@virtgpu/core/testing";
import type { GuardedMemory } from "./guarded-memory.js";

/** A backing of one random form: in one piece, in two mappings, or in many small pieces out of order. */
export class GuestMemory {
  readonly backing: Backing;
  /** For people. */
  readonly form: string;
  readonly #encoder: GlEncoder;
  readonly #segments: readonly Segment[];
  readonly #expected: readonly Uint8Array[];

  /** Fills everything, between the pieces too, with `fill`. */
  constructor(
    encoder: GlEncoder,
    random: Random,
    memories: readonly [GuardedMemory, GuardedMemory],
    sizeBytes: number,
    fill: number,
  ) {
    this.#encoder = encoder;
    const side = random.oneIn(4) ? "before" : "behind";
    const register = (bytes: Uint8Array): Segment => {
      bytes.fill(fill);
      return { id: encoder.registerSegment(bytes) as SegmentId, bytes };
    };
    const kind = sizeBytes < 2 ? 0 : random.below(4);
    let spans: MemorySpan[];
    if (kind === 2) {
      const cut = 1 + random.below(sizeBytes - 1);
      const [first, second] = [
        register(memories[0].piece(cut, side)),
        register(memories[1].piece(sizeBytes - cut, side)),
      ];
      this.#segments = [first, second];
      spans = [
        { segment: first, offsetBytes: 0, lengthBytes: cut },
        { segment: second, offsetBytes: 0, lengthBytes: sizeBytes - cut },
      ];
      this.form = `two mappings, cut at ${cut}, guard ${side}`;
    } else {
      const lead = random.oneIn(2) ? 0 : random.below(40);
      const segment = register(memories[0].piece(lead + sizeBytes, side));
      this.#segments = [segment];
      spans = [{ segment, offsetBytes: lead, lengthBytes: sizeBytes }];
      this.form = `one piece at ${lead}, guard ${side}`;
      if (kind === 3) {
        const pieceBytes = 1 + random.below(97);
        spans = cutInPieces(spans[0]!, pieceBytes, random);
        this.form = `${spans.length} pieces of ${pieceBytes} bytes from ${lead} on, guard ${side}`;
      }
    }
    this.backing = new Backing(spans);
    this.#expected = this.#segments.map(({ bytes }) => new Uint8Array(bytes.length).fill(fill));
  }

  /** The guest writes. */
  write(offsetBytes: number, bytes: Uint8Array): void {
    this.#put(offsetBytes, bytes, (segment) => this.#segments[segment]!.bytes);
    this.expect(offsetBytes, bytes, FULL);
  }

  /** The first bytes, as the guest sees them. */
  read(lengthBytes: number): Uint8Array {
    const bytes = new Uint8Array(lengthBytes);
    this.#get(0, bytes);
    return bytes;
  }

  /** These bytes should be there from now on; bits that are not in `mask` (which repeats) may be anything. */
  expect(offsetBytes: number, bytes: Uint8Array, mask: Uint8Array): void {
    const isWhole = mask.every((bits) => bits === 0xff);
    if (isWhole) return this.#put(offsetBytes, bytes, (segment) => this.#expected[segment]!);
    // What may be anything is taken over from what is there.
    const there = new Uint8Array(bytes.length);
    this.#get(offsetBytes, there);
    for (let i = 0; i < bytes.length; i++) {
      const bits = mask[i % mask.length]!;
      there[i] = (bytes[i]! & bits) | (there[i]! & ~bits);
    }
    this.#put(offsetBytes, there, (segment) => this.#expected[segment]!);
  }

  /** @returns "", or the first byte, of all mappings, that is not as expected */
  difference(): string {
    for (const [index, { bytes }] of this.#segments.entries()) {
      const want = this.#expected[index]!;
      if (Buffer.compare(bytes, want) === 0) continue;
      const at = want.findIndex((byte, i) => bytes[i] !== byte);
      return `byte ${at} of mapping ${index} is ${bytes[at]}, not ${want[at]}`;
    }
    return "";
  }

  release(): void {
    for (const { id } of this.#segments) this.#encoder.unregisterSegment(id);
  }

  #put(offsetBytes: number, source: Uint8Array, memoryOf: (segment: number) => Uint8Array): void {
    this.#walk(offsetBytes, source.length, (segment, at, from, count) =>
      memoryOf(segment).set(source.subarray(from, from + count), at),
    );
  }

  #get(offsetBytes: number, target: Uint8Array): void {
    this.#walk(offsetBytes, target.length, (segment, at, to, count) =>
      target.set(this.#segments[segment]!.bytes.subarray(at, at + count), to),
    );
  }

  #walk(
    offset: number,
    length: number,
    each: (segment: number, at: number, done: number, count: number) => void,
  ): void {
    let start = 0;
    for (const span of this.backing.spans) {
      const first = Math.max(offset, start);
      const end = Math.min(offset + length, start + span.lengthBytes);
      const segment = this.#segments.indexOf(span.segment);
      if (first < end) each(segment, span.offsetBytes + first - start, first - offset, end - first);
      start += span.lengthBytes;
    }
  }
}

const FULL = Uint8Array.of(0xff);

/** The same bytes in another order. */
function cutInPieces(span: MemorySpan, pieceBytes: number, random: Random): MemorySpan[] {
  const pieces: MemorySpan[] = [];
  for (let at = 0; at < span.lengthBytes; at += pieceBytes) {
    const lengthBytes = Math.min(pieceBytes, span.lengthBytes - at);
    pieces.push({ segment: span.segment, offsetBytes: span.offsetBytes + at, lengthBytes });
  }
  for (let i = pieces.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [pieces[i], pieces[j]] = [pieces[j]!, pieces[i]!];
  }
  return pieces;
}

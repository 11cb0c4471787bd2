/** A guest chooses how many pieces its memory comes in, and how often a place in it is looked for: the work must not be the product. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { testSegment } from "../testing/virtqueue-driver.js";
import { appendSpan, Backing, type MemorySpan, readSpans, type Segment } from "./index.js";

/** Notes how often the lengths of its spans are looked at. */
class CountedSpans {
  looks = 0;
  readonly spans: MemorySpan[];

  constructor(segment: Segment, pieces: readonly (readonly [offsetBytes: number, lengthBytes: number])[]) {
    const look = (): void => void this.looks++;
    this.spans = pieces.map(([offsetBytes, lengthBytes]) => ({
      segment,
      offsetBytes,
      get lengthBytes() {
        look();
        return lengthBytes;
      },
    }));
  }
}

function counting(segment: Segment): Segment {
  segment.bytes.forEach((_byte, i) => (segment.bytes[i] = i % 251));
  return segment;
}

/** Bytes 0, 2, 4 ... of the segment: no two spans are neighbours. */
const scattered = (count: number): [number, number][] => Array.from({ length: count }, (_, i) => [2 * i, 1]);

test("a place is found in a few steps, whatever the number of spans, in order and out of it", () => {
  const count = 1 << 14;
  const counted = new CountedSpans(counting(testSegment(1, 2 * count)), scattered(count));
  const backing = new Backing(counted.spans);
  backing.find(0);
  counted.looks = 0;
  for (let offset = 0; offset < count; offset++) assert.equal(backing.find(offset), offset);
  for (let offset = 0; offset < count; offset++)
    assert.equal(backing.find((offset * 7919) % count), (offset * 7919) % count);
  assert.equal(counted.looks, 0, "the spans themselves are not walked");
  const row = new Uint8Array(4);
  for (let offset = 0; offset + 4 <= count; offset += 4) backing.read(offset, row);
  assert.ok(counted.looks < 10 * count, `${counted.looks} looks at ${count} spans, each read once`);
});

test("what is read, found and contiguous is what a walk from the start says", () => {
  const segment = counting(testSegment(1, 4096));
  const other = counting(testSegment(2, 64));
  const spans: MemorySpan[] = [
    { segment, offsetBytes: 100, lengthBytes: 3 },
    { segment: other, offsetBytes: 0, lengthBytes: 0 },
    { segment: other, offsetBytes: 7, lengthBytes: 20 },
    { segment, offsetBytes: 4096, lengthBytes: 0 },
    { segment, offsetBytes: 0, lengthBytes: 1 },
    { segment, offsetBytes: 900, lengthBytes: 500 },
  ];
  const backing = new Backing(spans);
  assert.equal(backing.sizeBytes, 524);
  assert.deepEqual(
    backing.spans.map(({ lengthBytes }) => lengthBytes),
    [3, 20, 1, 500],
  );
  const whole = new Uint8Array(524);
  assert.equal(readSpans(spans, 0, whole), 524);
  const offsets = [0, 2, 3, 22, 23, 24, 523, 1, 500, 23, 0, 4];
  for (const offset of offsets) {
    for (const length of [1, 2, 20, 500]) {
      if (offset + length > 524) continue;
      const bytes = new Uint8Array(length);
      backing.read(offset, bytes);
      assert.deepEqual(bytes, whole.slice(offset, offset + length), `${length} bytes at ${offset}`);
      const index = backing.find(offset);
      const end = backing.startOf(index + 1);
      assert.ok(backing.startOf(index) <= offset && offset < end);
      const piece = backing.contiguous(offset, length);
      assert.equal(piece !== null, offset + length <= end, `${length} bytes at ${offset} in one piece`);
      if (piece !== null)
        assert.deepEqual(piece.segment.bytes.slice(piece.offsetBytes, piece.offsetBytes + length), bytes);
    }
  }
  for (const outside of [-1, 524, 1e9, Number.NaN]) assert.equal(backing.find(outside), 4);
  assert.equal(backing.contiguous(524, 0), null);
});

test("a backing of nothing has no place", () => {
  const backing = new Backing([{ segment: testSegment(1, 16), offsetBytes: 4, lengthBytes: 0 }]);
  assert.deepEqual([backing.sizeBytes, backing.spans.length, backing.find(0), backing.startOf(0)], [0, 0, 0, 0]);
  assert.equal(backing.contiguous(0, 0), null);
  backing.read(0, new Uint8Array(0));
});

test("neighbours become one span, in order; others, and those of other mappings, stay apart", () => {
  const [a, b] = [testSegment(1, 64), testSegment(2, 64)];
  const spans: MemorySpan[] = [];
  const add = (segment: Segment, offsetBytes: number, lengthBytes: number): void =>
    appendSpan(spans, { segment, offsetBytes, lengthBytes });
  add(a, 8, 8);
  add(a, 16, 0);
  add(a, 16, 4);
  add(b, 20, 4);
  add(a, 0, 8);
  add(a, 8, 8);
  add(a, 8, 8);
  assert.deepEqual(
    spans.map(({ segment, offsetBytes, lengthBytes }) => [segment.id, offsetBytes, lengthBytes]),
    [
      [1, 8, 12],
      [2, 20, 4],
      [1, 0, 16],
      [1, 8, 8],
    ],
  );
});

/** The comparison itself: it must find what differs and respect the stated tolerance. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRecords, isOneValue, parseRecords } from "./records.js";

function file(...records: [header: string, data: Uint8Array | string][]): Buffer {
  return Buffer.concat(
    records.flatMap(([header, data]) => {
      const bytes = Buffer.from(data);
      return [Buffer.from(`record ${header} ${bytes.length}\n`), bytes, Buffer.from("\n")];
    }),
  );
}
const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

test("records come back as they were written, newlines in their bytes included", () => {
  const [first, second] = parseRecords(
    file(["a rgba8 1 1 0 0", Uint8Array.of(10, 10, 0, 255)], ["b text 0 0 0 0", "1\n2"]),
  );
  assert.deepEqual([...(first?.data ?? [])], [10, 10, 0, 255]);
  assert.equal(Buffer.from(second?.data ?? []).toString(), "1\n2");
});

test("a truncated last record is dropped, garbage is refused", () => {
  const whole = file(["a bytes 4 1 0 0", "abcd"], ["b bytes 4 1 0 0", "efgh"]);
  assert.equal(parseRecords(whole.subarray(0, whole.length - 3)).length, 1);
  assert.throws(() => parseRecords(Buffer.from("nonsense\n")), /no record/);
});

test("the tolerance and the fraction are the expected record's", () => {
  const expected = parseRecords(file(["a f32 4 1 0.5 0.25", floats(1, 2, 3, 4)]));
  const near = parseRecords(file(["a f32 4 1 0 0", floats(1.5, 2.5, 9, 4)]));
  const far = parseRecords(file(["a f32 4 1 0 0", floats(1.75, 2, 9, 4)]));
  assert.deepEqual(compareRecords(expected, near).differences, []);
  assert.match(compareRecords(expected, far).differences[0]?.reason ?? "", /2 of 4 components differ.*\(0, 0\)/);
});

test("not-a-number equals only itself", () => {
  const nan = parseRecords(file(["a f32 1 1 0 0", floats(Number.NaN)]));
  const one = parseRecords(file(["a f32 1 1 0 0", floats(1)]));
  assert.deepEqual(compareRecords(nan, nan).differences, []);
  assert.equal(compareRecords(nan, one).differences.length, 1);
});

test("missing, additional and resized records are differences", () => {
  const expected = parseRecords(file(["a text 0 0 0 0", "1"], ["b bytes 2 1 0 0", "xy"]));
  const actual = parseRecords(file(["b bytes 3 1 0 0", "xyz"], ["c text 0 0 0 0", "?"]));
  const names = compareRecords(expected, actual).differences.map((difference) => difference.name);
  assert.deepEqual(names, ["a", "b", "c"]);
});

test("a feature that one side does not offer is told apart from a wrong result", () => {
  const expected = parseRecords(file(["x.offered text 0 0 0 0", "1"], ["x.drawn bytes 1 1 0 0", "p"]));
  const actual = parseRecords(file(["x.offered text 0 0 0 0", "0"]));
  assert.deepEqual(compareRecords(expected, actual), { differences: [], notOffered: ["x"] });
});

test("one value everywhere is noticed", () => {
  const [flat, spotted] = parseRecords(
    file(
      ["a rgba8 2 1 0 0", Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 4)],
      ["b rgba8 2 1 0 0", Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 5)],
    ),
  );
  assert.equal(flat !== undefined && isOneValue(flat), true);
  assert.equal(spotted !== undefined && isOneValue(spotted), false);
});

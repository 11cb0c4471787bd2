import assert from "node:assert/strict";
import { test } from "node:test";
import { addTotals, LineSplitter, MAX_LINE_BYTES, NO_TOTALS, type Totals } from "./child-messages.js";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("lines come out whole however they are cut", () => {
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push(bytes("on")), []);
  assert.deepEqual(splitter.push(bytes("e\ntwo\nth")), ["one", "two"]);
  assert.deepEqual(splitter.push(bytes("ree\n")), ["three"]);
});

test("a character cut in two is put together", () => {
  const splitter = new LineSplitter();
  const euro = bytes("€\n");
  assert.deepEqual(splitter.push(euro.subarray(0, 2)), []);
  assert.deepEqual(splitter.push(euro.subarray(2)), ["€"]);
});

test("a line without end is refused", () => {
  const splitter = new LineSplitter();
  assert.throws(() => splitter.push(new Uint8Array(MAX_LINE_BYTES + 1).fill(65)), RangeError);
});

test("totals add up by name", () => {
  const a: Totals = {
    bytes: { upload: 5 },
    copies: { upload: 1 },
    errors: {},
    activity: { frames: 1 },
    fences: { 3: 1 },
  };
  const b: Totals = {
    bytes: { upload: 7, readback: 1 },
    copies: {},
    errors: { glErrors: 3 },
    activity: { frames: 2, draws: 1 },
    fences: { 3: 2, sumMs: 0.5 },
  };
  assert.deepEqual(addTotals(addTotals(NO_TOTALS, a), b), {
    bytes: { upload: 12, readback: 1 },
    copies: { upload: 1 },
    errors: { glErrors: 3 },
    activity: { frames: 3, draws: 1 },
    fences: { 3: 3, sumMs: 0.5 },
  });
});

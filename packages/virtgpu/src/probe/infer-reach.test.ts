import assert from "node:assert/strict";
import { test } from "node:test";
import { inferReach } from "./infer-reach.js";

const GIB = 2 ** 30;
const at = (highestAddress: number | null, works: boolean): { highestAddress: number | null; works: boolean } => ({
  highestAddress,
  works,
});

test("a limit is found between what works and what does not", () => {
  const samples = [at(GIB - 1, true), at(4 * GIB - 1, true), at(4 * GIB + 4095, false), at(9 * GIB, false)];
  assert.deepEqual(inferReach(samples), {
    addressBits: 32,
    highestWorking: 4 * GIB - 1,
    lowestFailing: 4 * GIB + 4095,
    isKnown: true,
  });
  assert.equal(inferReach([at(3 * GIB, true), at(5 * GIB, false)]).addressBits, 32);
  assert.equal(inferReach([at(GIB / 2, true), at(40 * GIB, false)]).addressBits, 35);
});

test("no limit is made up", () => {
  assert.equal(inferReach([at(5 * GIB, true), at(9 * GIB, true)]).addressBits, null);
  assert.equal(inferReach([at(5 * GIB, false), at(9 * GIB, false)]).addressBits, null);
  // What fails lies among what works: it is not the address.
  assert.equal(inferReach([at(GIB, true), at(2 * GIB, false), at(9 * GIB, true)]).addressBits, null);
  // No power of two between them.
  assert.equal(inferReach([at(5 * GIB, true), at(6 * GIB, false)]).addressBits, null);
});

test("unknown addresses are told as unknown", () => {
  const unknown = inferReach([at(null, true), at(null, false)]);
  assert.deepEqual(unknown, { addressBits: null, highestWorking: null, lowestFailing: null, isKnown: false });
  assert.equal(inferReach([at(GIB, true), at(null, false)]).isKnown, false);
  assert.equal(inferReach([]).isKnown, false);
});

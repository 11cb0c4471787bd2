import assert from "node:assert/strict";
import { test } from "node:test";
import { findLargest, findMultiple, type Accepts } from "./find-multiple.js";

/** Counts what is asked. */
function rule(takes: (value: number) => boolean): { accepts: Accepts; asked: () => number } {
  let count = 0;
  const accepts: Accepts = (value) => {
    assert.ok(Number.isSafeInteger(value) && value > 0, `asked for ${value}`);
    count++;
    return Promise.resolve(takes(value));
  };
  return { accepts, asked: () => count };
}

test("every multiple up to 512 is found exactly", async () => {
  for (let multiple = 1; multiple <= 512; multiple++) {
    const { accepts } = rule((value) => value % multiple === 0);
    assert.deepEqual(await findMultiple(accepts), { multiple, isExact: true });
  }
});

test("rules of real hardware, and others that are no power of two, take few questions", async () => {
  for (const multiple of [1, 2, 4, 16, 48, 64, 96, 128, 160, 192, 256, 320, 512, 1024, 4096]) {
    const { accepts, asked } = rule((value) => value % multiple === 0);
    assert.deepEqual(await findMultiple(accepts, 4), { multiple, isExact: true });
    assert.ok(asked() <= 26, `${multiple}: ${asked()} questions`);
  }
});

test("a driver that also has a smallest value does not make the multiple look larger", async () => {
  const { accepts } = rule((value) => value % 48 === 0 && value >= 960);
  assert.deepEqual(await findMultiple(accepts), { multiple: 48, isExact: true });
});

test("a driver with a small maximum is still measured", async () => {
  const { accepts } = rule((value) => value % 64 === 0 && value <= 3000);
  assert.equal((await findMultiple(accepts))?.multiple, 64);
});

test("rules that are no multiple at all are told as inexact, never as too small", async () => {
  const odd = rule((value) => value % 64 === 0 || value === 1025);
  assert.deepEqual(await findMultiple(odd.accepts), { multiple: 64, isExact: false });
  const twoSteps = rule((value) => value % 64 === 0 && value % 3840 !== 64 * 17);
  assert.equal((await findMultiple(twoSteps.accepts))?.isExact, false);
});

test("nothing taken is null", async () => {
  assert.equal(await findMultiple(rule(() => false).accepts), null);
});

test("the largest size is exact", async () => {
  for (const most of [1, 7, 300, 4095, 8192]) {
    assert.equal(await findLargest(rule((value) => value <= most).accepts, 8192), most);
  }
  assert.equal(await findLargest(rule(() => false).accepts, 8192), 0);
});

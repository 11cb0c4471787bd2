import assert from "node:assert/strict";
import { test } from "node:test";
import { ReleasedMemory } from "./released-memory.js";

/** Who was told, in order. */
function setUp() {
  const told: string[] = [];
  const memory = new ReleasedMemory();
  const tell = (name: string) => (): void => void told.push(name);
  return { told, memory, tell };
}

test("nothing given back is free at once, and needs no fence", () => {
  const { told, memory, tell } = setUp();
  memory.whenFree(tell("a"));
  assert.deepEqual(told, ["a"]);
  assert.equal(memory.takeForFence(), null);
});

test("one fence frees all that was given back before it, and who asks while it is under way", () => {
  const { told, memory, tell } = setUp();
  for (const name of ["a", "b", "c"]) {
    memory.add(tell(`pages of ${name}`));
    memory.whenFree(tell(name));
  }
  const signalled = memory.takeForFence();
  assert.equal(memory.takeForFence(), null, "one fence");
  memory.whenFree(tell("late"));
  assert.deepEqual(told, []);
  signalled!();
  assert.deepEqual(told, ["pages of a", "a", "pages of b", "b", "pages of c", "c", "late"]);
  memory.whenFree(tell("after"));
  assert.equal(told.at(-1), "after");
});

test("memory that is given back behind a fence waits for the next", () => {
  const { told, memory, tell } = setUp();
  memory.add(null);
  const first = memory.takeForFence()!;
  memory.add(null);
  memory.whenFree(tell("b"));
  first();
  assert.deepEqual(told, []);
  const second = memory.takeForFence()!;
  memory.whenFree(tell("c"));
  second();
  assert.deepEqual(told, ["b", "c"]);
});

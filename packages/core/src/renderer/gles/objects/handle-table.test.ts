import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../testing/index.js";
import { HandleTable } from "./handle-table.js";

test("small and huge handles live in one table", () => {
  const table = new HandleTable<string>();
  table.put(1, "a");
  table.put(0xffff, "b");
  table.put(0xffffffff, "c");
  assert.equal(table.size, 3);
  assert.equal(table.get(1), "a");
  assert.equal(table.get(0xffffffff), "c");
  assert.equal(table.get(2), undefined);
  assert.equal(table.take(0xffff), "b");
  assert.equal(table.take(0xffff), undefined);
  const rest: string[] = [];
  table.drain((value) => rest.push(value));
  assert.deepEqual(rest, ["a", "c"]);
  assert.equal(table.size, 0);
});

test("a handle far ahead, at once or step by step, costs an entry, not an array up to it", () => {
  const tables = Array.from({ length: 2000 }, () => new HandleTable<number>());
  const before = process.memoryUsage().heapUsed;
  for (const table of tables) {
    for (let handle = 200; handle < 65535; handle += 250) {
      table.put(handle, 1);
      table.take(handle);
    }
    table.put(65535, 1);
  }
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 40 << 20, `${grown} bytes for 2000 tables of one entry`);
  assert.ok(tables.every((table) => table.get(65535) === 1));
});

test("whatever the order of handles, the table is a map", () => {
  const random = new Random(7);
  const table = new HandleTable<number>();
  const map = new Map<number, number>();
  for (let i = 0; i < 20_000; i++) {
    const handle = random.oneIn(3) ? random.below(1 << 17) : random.below(random.oneIn(2) ? 600 : 4000);
    if (random.oneIn(3)) {
      assert.equal(table.take(handle), map.get(handle));
      map.delete(handle);
    } else if (!map.has(handle)) {
      table.put(handle, i);
      map.set(handle, i);
    }
    assert.equal(table.get(handle), map.get(handle));
    assert.equal(table.size, map.size);
  }
  for (const [handle, value] of map) assert.equal(table.get(handle), value);
  assert.throws(() => table.put(map.keys().next().value!, 0), /would take another's handle/);
  const drained: number[] = [];
  table.drain((value) => drained.push(value));
  assert.deepEqual(drained.sort(), [...map.values()].sort());
});

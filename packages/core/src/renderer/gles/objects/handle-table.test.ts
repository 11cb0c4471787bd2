import assert from "node:assert/strict";
import { test } from "node:test";
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

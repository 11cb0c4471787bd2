import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLogger } from "@virtgpu/core/base";
import { HeapMemory } from "../../import/heap-memory.js";
import { NativeSessionMemory, PlainRegistry } from "../session-memory.js";
import { HostBuffers } from "./host-buffers.js";

test("a heap that gives nothing is followed by memory files, which say so; it is told once", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-heap-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "cma");
  // No heap: allocating fails, as from one that is empty.
  writeFileSync(path, "");
  const registry = new PlainRegistry();
  const heap = new HeapMemory({ name: "cma", path, isTrusted: true }, registry);
  t.after(() => heap.close());
  const told: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void told.push(message) };
  const memory = new NativeSessionMemory(registry);
  const buffers = new HostBuffers({ memory, importer: { heap, isLimited: true }, logger }, () => null);
  const made = [buffers.create(8192)!, buffers.create(4096)!];
  for (const { segment } of made) {
    assert.deepEqual(segment.file?.host, { heap: null, isTrusted: false, missedHeap: "cma" });
    assert.ok(segment.file.isSealed && segment.file.isDmaBuf !== true && segment.bytes.every((byte) => byte === 0));
  }
  assert.equal(told.length, 1);
  assert.equal(memory.liveShared, 2);
  for (const buffer of made) buffer.release();
  assert.equal(memory.liveShared, 0);
});

test("without a heap nobody misses one", () => {
  const memory = new NativeSessionMemory(new PlainRegistry());
  const buffers = new HostBuffers({ memory, importer: null, logger: silentLogger }, () => null);
  const buffer = buffers.create(4096)!;
  assert.deepEqual(buffer.segment.file?.host, { heap: null, isTrusted: false });
  assert.equal(buffers.windowBytes, 0, "no front-end maps it");
  buffer.release();
});

import assert from "node:assert/strict";
import { ftruncateSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { fdSize, Mapping, mappingCount } from "../native/memory.js";
import { NativeSessionMemory } from "./session-memory.js";

/** Knows the living segments, as the GL encoder does. */
class Registry {
  readonly live = new Map<number, Uint8Array>();
  limit = Infinity;
  #next = 1;

  registerSegment(bytes: Uint8Array): number {
    if (this.live.size >= this.limit) return 0;
    this.live.set(this.#next, bytes);
    return this.#next++;
  }

  unregisterSegment(id: number): void {
    // The bytes must still be mapped: GL may have ops that read them.
    assert.ok((this.live.get(id)?.length ?? 0) > 0, `segment ${id}`);
    this.live.delete(id);
  }
}

const openFds = (): number => readdirSync("/proc/self/fd").length;

test("shared memory is zeroed, of the size asked, and the same for both sides", () => {
  const registry = new Registry();
  const memory = new NativeSessionMemory(registry);
  const piece = memory.createShared(10_000)!;
  assert.equal(piece.segment.bytes.length, 10_000);
  assert.ok(piece.segment.bytes.every((byte) => byte === 0));
  assert.equal(registry.live.get(piece.segment.id), piece.segment.bytes);
  const client = Mapping.map(piece.fd, 0, 10_000);
  client.bytes[9_999] = 42;
  assert.equal(piece.segment.bytes[9_999], 42);
  assert.equal(fdSize(piece.fd), 10_000);
  client.release();
  piece.release();
  assert.equal(registry.live.size, 0);
  assert.equal(piece.segment.bytes.length, 0);
});

test("a second release does nothing", () => {
  const registry = new Registry();
  const memory = new NativeSessionMemory(registry);
  const piece = memory.createShared(4096)!;
  piece.release();
  piece.release();
  assert.equal(memory.liveShared, 0);
});

test("lasting memory is a mapping until its release, which may come twice", () => {
  const registry = new Registry();
  const memory = new NativeSessionMemory(registry);
  const count = mappingCount();
  const piece = memory.createPrivate(10_000, true)!;
  assert.ok(piece.segment.bytes.length >= 10_000);
  assert.equal(registry.live.get(piece.segment.id), piece.segment.bytes);
  assert.equal(mappingCount(), count + 1);
  piece.release();
  piece.release();
  assert.equal(piece.segment.bytes.length, 0);
  assert.deepEqual([registry.live.size, mappingCount()], [0, count]);
});

test("when there are no more segments, or no memory of that size, the answer is null and nothing is left", () => {
  const registry = new Registry();
  registry.limit = 0;
  const memory = new NativeSessionMemory(registry);
  const [fds, mappings] = [openFds(), mappingCount()];
  assert.equal(memory.createShared(4096), null);
  assert.equal(memory.createPrivate(4096), null);
  assert.equal(memory.createPrivate(4096, true), null);
  registry.limit = Infinity;
  assert.equal(memory.createPrivate(2 ** 52, true), null);
  assert.equal(memory.createShared(2 ** 52), null);
  assert.equal(openFds(), fds);
  assert.equal(mappingCount(), mappings);
});

test("20,000 pieces made and released leave descriptors, mappings and memory as they were", () => {
  const registry = new Registry();
  const memory = new NativeSessionMemory(registry);
  const cycle = (): void => {
    const piece = memory.createShared(16_384)!;
    piece.segment.bytes[16_383] = 1;
    piece.release();
  };
  for (let i = 0; i < 2_000; i++) cycle();
  const [fds, mappings, rss] = [openFds(), mappingCount(), process.memoryUsage.rss()];
  for (let i = 0; i < 20_000; i++) cycle();
  assert.equal(openFds(), fds);
  assert.equal(mappingCount(), mappings);
  const grown = process.memoryUsage.rss() - rss;
  const limit = process.env["VIRTGPU_ADDON"] === "sanitized" ? 64e6 : 16e6; // freed memory waits in quarantine there
  assert.ok(grown < limit, `resident memory grew by ${grown} bytes; 20,000 pieces left behind would be 327 MB`);
});

test("a client cannot shrink or grow what it was given", () => {
  const piece = new NativeSessionMemory(new Registry()).createShared(8192)!;
  for (const size of [4096, 16_384]) {
    assert.throws(
      () => ftruncateSync(piece.fd, size),
      (error: unknown) => error instanceof Error && "code" in error && error.code === "EPERM",
    );
  }
  assert.equal(piece.segment.bytes.length, 8192);
  piece.release();
});

test("with reuse, a piece of the same size comes back with its segment, up to the limit, and destroy leaves nothing", () => {
  const registry = new Registry();
  const [fds, mappings] = [openFds(), mappingCount()];
  const memory = new NativeSessionMemory(registry, 64 * 1024);
  const first = memory.createShared(8192)!;
  first.segment.bytes[0] = 77;
  first.closeFd();
  assert.ok(first.fd >= 0, "it will be sent again");
  first.release();
  first.release();
  assert.equal(memory.createShared(4096)!.segment.bytes[0], 0, "another size is fresh memory");
  const again = memory.createShared(8192)!;
  assert.equal(again.segment.id, first.segment.id);
  assert.equal(again.segment.bytes[0], 0, "zeroed");
  const other = memory.createShared(8192)!;
  assert.notEqual(other.segment.id, again.segment.id, "one piece has one owner");
  again.release();
  other.release();
  const large = memory.createShared(60 * 1024)!;
  large.closeFd();
  assert.equal(large.fd, -1, "too large to keep");
  large.release();
  for (let i = 0; i < 100; i++) memory.createShared(4096 + i * 16)!.release();
  assert.ok(registry.live.size <= 65, `${registry.live.size} pieces kept`);
  memory.destroy();
  assert.equal(memory.liveShared, 1);
  assert.equal(registry.live.size, 1, "only the piece that is alive");
  assert.equal(mappingCount(), mappings + 1);
  assert.equal(openFds(), fds + 1);
});

test("reuse can be switched off and releases what it kept", () => {
  const registry = new Registry();
  const memory = new NativeSessionMemory(registry, 1 << 20);
  const piece = memory.createShared(8192)!;
  piece.release();
  assert.equal(registry.live.size, 1);
  memory.reuse(0);
  assert.equal(registry.live.size, 0, "what was kept is released");
  memory.createShared(8192)!.release();
  assert.equal(registry.live.size, 0);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { ftruncateSync, readdirSync, writeSync } from "node:fs";
import { constants } from "node:os";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { Mapping, addon, closeFd, createMemfd, duplicateFd, fdSize, mappingCount } from "./index.js";

const PAGE = 4096;
const { EBADF, EINVAL } = constants.errno;

function openFds(): number {
  return readdirSync("/proc/self/fd").length;
}

function hasCode(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HostError && error.code === code;
}

test("shared memory is the same through two mappings and gone after release", () => {
  const fd = createMemfd("test", 2 * PAGE);
  assert.equal(fdSize(fd), 2 * PAGE);
  const first = Mapping.map(fd, 0, 2 * PAGE);
  const second = Mapping.map(fd, PAGE, PAGE, false);
  closeFd(fd);
  first.bytes[PAGE + 5] = 42;
  assert.equal(second.bytes[5], 42);
  assert.equal(first.bytes[0], 0);
  const count = mappingCount();
  first.release();
  second.release();
  assert.equal(mappingCount(), count - 2);
  assert.equal(first.bytes.length, 0, "views are detached");
  first.release();
});

test("private memory is zeroed, lies in pages of its own and is gone after release", () => {
  const count = mappingCount();
  const mapping = Mapping.mapPrivate(3 * PAGE + 1)!;
  assert.equal(mapping.bytes.length, 3 * PAGE + 1);
  assert.ok(mapping.bytes.every((byte) => byte === 0));
  mapping.bytes.fill(7);
  assert.equal(mapping.isDamaged, false);
  assert.equal(mappingCount(), count + 1);
  mapping.release();
  assert.equal(mapping.bytes.length, 0);
  assert.equal(mappingCount(), count);
  for (const size of [0, -1, Number.NaN, 2 ** 60]) assert.equal(Mapping.mapPrivate(size), null, `${size} bytes`);
  assert.equal(mappingCount(), count);
});

test("memfds are sealed against shrinking and growing, unless told otherwise", () => {
  const sealed = createMemfd("sealed", PAGE);
  assert.throws(() => ftruncateSync(sealed, 0), /EPERM/);
  assert.throws(() => ftruncateSync(sealed, 2 * PAGE), /EPERM/);
  closeFd(sealed);
  const open = createMemfd("open", PAGE, 0);
  ftruncateSync(open, 2 * PAGE);
  assert.equal(fdSize(open), 2 * PAGE);
  closeFd(open);
});

test("a mapping longer than its file is refused", () => {
  const fd = createMemfd("short", PAGE);
  assert.throws(() => Mapping.map(fd, 0, PAGE + 1), hasCode("EOVERFLOW"));
  assert.throws(() => Mapping.map(fd, PAGE, 1), hasCode("EOVERFLOW"));
  assert.throws(() => Mapping.map(fd, 0, 0), hasCode("EINVAL"));
  assert.throws(() => Mapping.map(fd, 0, Number.NaN), hasCode("EINVAL"));
  closeFd(fd);
  assert.throws(() => Mapping.map(fd, 0, PAGE), hasCode("EBADF"));
});

test("numbers that are no sizes, offsets, descriptors or times are refused before they become integers", () => {
  const fd = createMemfd("numbers", PAGE);
  const handle = new Int32Array(1);
  const [fds, events, revents] = [Int32Array.of(fd), Int16Array.of(1), new Int16Array(1)];
  for (const number of [Number.NaN, Infinity, 1e300, -1e300, 2 ** 63]) {
    assert.throws(() => createMemfd("size", number), hasCode("EINVAL"), `${number} bytes`);
    assert.equal(typeof addon().mapFd(fd, number, PAGE, true, handle), "number", `mapped from ${number}`);
    assert.equal(addon().mapWindow(Float64Array.of(number, 0, PAGE), 1, handle), -EBADF, `descriptor ${number}`);
    assert.ok(addon().createDmaBuf(Float64Array.of(number, 0, PAGE), 1) < 0, `dma-buf of ${number}`);
    assert.equal(addon().punchHole(fd, number, PAGE), -EINVAL, `hole at ${number}`);
    assert.equal(addon().punchHole(fd, 0, number), -EINVAL, `hole of ${number}`);
    if (number < 0) continue;
    assert.equal(addon().pollFds(fds, events, revents, 1, number), -EINVAL, `waits for ${number}`);
  }
  closeFd(fd);
});

test("a peer that truncates the file costs its own data, not the process", () => {
  const fd = createMemfd("truncated", 4 * PAGE, 0);
  const victim = Mapping.map(fd, 0, 4 * PAGE);
  const otherFd = createMemfd("other", PAGE);
  const other = Mapping.map(otherFd, 0, PAGE);
  victim.bytes.fill(7);
  other.bytes.fill(9);
  ftruncateSync(fd, PAGE);
  assert.equal(victim.isDamaged, false);
  assert.equal(victim.bytes[2 * PAGE + 3], 0, "reads zeros");
  assert.equal(victim.isDamaged, true);
  victim.bytes[3 * PAGE] = 1;
  assert.equal(victim.bytes[3 * PAGE], 1, "can be written");
  assert.equal(victim.bytes[5], 7, "what the file still has stays");
  assert.equal(other.isDamaged, false);
  assert.equal(other.bytes[0], 9);
  victim.release();
  other.release();
  closeFd(fd);
  closeFd(otherFd);
});

test("a SIGBUS outside our mappings still ends the process", () => {
  const script = `
    const { installSigbusGuard } = await import(${JSON.stringify(new URL("index.js", import.meta.url).href)});
    installSigbusGuard();
    process.kill(process.pid, "SIGBUS");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    console.log("alive");`;
  const result = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(result.signal, "SIGBUS", result.stderr);
});

test("memory that GL may still read cannot be unmapped", () => {
  const fd = createMemfd("registered", PAGE);
  const mapping = Mapping.map(fd, 0, PAGE);
  closeFd(fd);
  addon().glRegisterSegment(77, mapping.bytes);
  assert.throws(() => mapping.release(), hasCode("EBUSY"));
  assert.equal(mapping.bytes.length, PAGE);
  addon().glUnregisterSegment(77);
  mapping.release();
});

test("descriptors and mappings do not leak over 2,000 rounds", () => {
  const before = openFds();
  const mapped = mappingCount();
  for (let round = 0; round < 2000; round++) {
    const fd = createMemfd("round", PAGE);
    const copy = duplicateFd(fd);
    const mapping = Mapping.map(copy, 0, PAGE);
    closeFd(fd);
    closeFd(copy);
    mapping.release();
  }
  assert.equal(openFds(), before);
  assert.equal(mappingCount(), mapped);
});

test("a read-only mapping turns writable by protect", () => {
  const fd = createMemfd("protected", PAGE);
  const mapping = Mapping.map(fd, 0, PAGE, false);
  mapping.protect(true);
  mapping.bytes[0] = 3;
  assert.equal(mapping.bytes[0], 3);
  mapping.release();
  writeSync(fd, "x");
  closeFd(fd);
});

test("more than 4 GiB map in one piece, or are refused by name and leave nothing behind", () => {
  const size = 5 * 2 ** 30;
  const fd = createMemfd("large", size);
  const count = mappingCount();
  try {
    const mapping = Mapping.map(fd, 0, size);
    mapping.bytes[size - 1] = 5;
    assert.equal(mapping.bytes[size - 1], 5);
    mapping.release();
  } catch (error) {
    assert.ok(hasCode("MAPPING_TOO_LARGE")(error), String(error));
    assert.ok(process.versions.node.startsWith("20."), "only Node 20 has that limit");
  }
  assert.equal(mappingCount(), count);
  closeFd(fd);
});

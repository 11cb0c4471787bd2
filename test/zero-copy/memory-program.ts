/** What textures cost in host memory, imported (`always`) or copied (`never`): the kernel's figures before and after. */
import assert from "node:assert/strict";
import * as v from "@virtgpu/core/virgl";
import { processMemory, type ProcessMemory } from "#virtgpu/host/process-memory.js";
import { check } from "./checks.js";
import { ImportFixture } from "./import-fixture.js";

const SIDE = 1024;
const TEXTURE_BYTES = SIDE * SIDE * 4;
const COUNT = 24;
const ALL_BYTES = COUNT * TEXTURE_BYTES;
const FIRST_OFFSET = 1 << 20;
/** Names, shadows, EGLImages, the driver's structures; and what JavaScript leaves lying about. */
const BOOKKEEPING_BYTES = 64 * 1024;
const SLACK_BYTES = 8 << 20;

const zeroCopy = process.argv[2] === "never" ? "never" : "always";
const fixture = new ImportFixture({ zeroCopy, ramBytes: FIRST_OFFSET + ALL_BYTES + TEXTURE_BYTES });
const shape = { width: SIDE, height: SIDE, bind: v.VIRGL_BIND_SAMPLER_VIEW };

/** The guest fills its texture, the host samples it. */
function use(id: number, offsetBytes: number): void {
  const bytes = fixture.createBacked(id, shape, offsetBytes);
  bytes.fill(id);
  fixture.upload(id, SIDE, SIDE);
  assert.equal(fixture.glContents(id, 1, 1)[0], id);
}

function memory(): ProcessMemory {
  fixture.renderer.finish();
  return processMemory(process.pid) ?? assert.fail("no smaps_rollup");
}

// The guest's memory is there before anything is made of it; one texture wakes the driver.
fixture.ram.bytes.fill(1);
use(1, FIRST_OFFSET + ALL_BYTES);
const before = memory();
for (let i = 0; i < COUNT; i++) use(2 + i, FIRST_OFFSET + i * TEXTURE_BYTES);
const after = memory();

const mib = (bytes: number): string => `${(bytes / 1048576).toFixed(1)} MiB`;
const own = after.pssAnonymousBytes - before.pssAnonymousBytes;
const shared = after.pssSharedBytes - before.pssSharedBytes;
const { listed, hostBytes, backingBytes } = fixture.renderer.describe(COUNT + 1);

check(`${COUNT} textures of ${mib(TEXTURE_BYTES)}, ${zeroCopy}: the process's own memory`, () => {
  if (zeroCopy === "always") assert.ok(own <= COUNT * BOOKKEEPING_BYTES + SLACK_BYTES, `${mib(own)} more`);
  else
    assert.ok(own >= ALL_BYTES - SLACK_BYTES, `${mib(own)} more: copies must be somewhere, or this test sees nothing`);
  return `${mib(own)} more, ${mib(own / COUNT)} per texture`;
});

check(`guest memory is counted once, however often it is mapped, ${zeroCopy}`, () => {
  assert.ok(Math.abs(shared) <= SLACK_BYTES, `${mib(shared)} more of shared memory`);
  assert.ok(after.pssSharedBytes <= fixture.ram.bytes.length + SLACK_BYTES, mib(after.pssSharedBytes));
  return `${mib(after.pssSharedBytes)} of shared memory for a guest of ${mib(fixture.ram.bytes.length)}; RSS ${mib(after.rssBytes)}`;
});

check(`explain says the same, ${zeroCopy}`, () => {
  assert.equal(listed.length, COUNT + 1);
  assert.equal(backingBytes, ALL_BYTES + TEXTURE_BYTES);
  assert.equal(hostBytes, zeroCopy === "always" ? 0 : ALL_BYTES + TEXTURE_BYTES);
  assert.ok(listed.every(({ path }) => path.zeroCopy === (zeroCopy === "always")));
});

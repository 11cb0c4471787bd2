/** Boards that reach part of the memory only, by the physical addresses that the kernel tells. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { HostProfile } from "@virtgpu/core/memory";
import type { DoctorReport } from "virtgpu";
import { askIndependently, type PickyRules } from "./picky-host.js";
import { runOnPickyHost } from "./run-cli.js";

/** CAP_SYS_ADMIN is bit 21 of capabilities(7). */
const isPrivileged = ((): boolean => {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0";
  return (BigInt(`0x${effective}`) & (1n << 21n)) !== 0n;
})();
const skip = isPrivileged ? false : "needs CAP_SYS_ADMIN to read page frames";

/** No memory lies below; all memory does. */
const NOTHING = 4096;
const EVERYTHING = 2 ** 52;

async function examine(rules: PickyRules): Promise<DoctorReport> {
  return JSON.parse((await runOnPickyHost(rules, ["doctor", "--json"])).stdout) as DoctorReport;
}

test("the board looks at physical addresses", { skip }, async () => {
  const tries = ["import", "surfaceless", "64x64:XR24:256:0"];
  assert.deepEqual(await askIndependently({ dmaLimit: EVERYTHING }, tries), ["ok seen=1 landed=1"]);
  assert.deepEqual(await askIndependently({ dmaLimit: NOTHING }, tries), ["0x3002"]);
  assert.deepEqual(await askIndependently({ dmaLimit: NOTHING, highBounces: true }, tries), ["ok seen=0 landed=0"]);
});

test("memory within reach: the probe says up to where it works, and no limit", { skip }, async () => {
  const result = await runOnPickyHost({ dmaLimit: EVERYTHING }, ["probe", "--dry-run"]);
  assert.equal(result.status, 0, result.stderr);
  assert.match(result.stdout, /^addresses\s+no limit found; works up to 0x[0-9a-f]+$/m);
});

test(
  "memory out of reach that is bounced: probe and doctor say bounced, and where the memory lay",
  { skip },
  async () => {
    const rules = { dmaLimit: NOTHING, highBounces: true };
    const probed = await runOnPickyHost(rules, ["probe", "--dry-run", "--json"]);
    const { images } = JSON.parse(probed.stdout) as HostProfile;
    assert.equal(images?.bounces, true);
    const { findings, zeroCopy } = await examine(rules);
    assert.equal(zeroCopy, false);
    const bounce = findings.find(({ name }) => name === "bounce buffering");
    assert.match(bounce?.detail ?? "", /copy of its own/);
    assert.match(bounce?.cure ?? "", /4 GiB.*docs\/32-bit-dma\.md/);
  },
);

test(
  "memory out of reach that is refused: nothing is imported, and doctor names the likely cause",
  { skip },
  async () => {
    const { findings, zeroCopy } = await examine({ dmaLimit: NOTHING, error: "alloc" });
    assert.equal(zeroCopy, false);
    const refused = findings.find(({ name }) => name === "import of guest memory");
    assert.match(refused?.detail ?? "", /every import is refused: EGL_BAD_ALLOC/);
    assert.match(refused?.cure ?? "", /32-bit-dma/);
  },
);

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { closeFd, createMemfd, pageFrames } from "../native/index.js";
import { checkDmaReach } from "./dma-reach.js";

const SIZE = 64 * 4096;
/** CAP_SYS_ADMIN is bit 21 of capabilities(7). */
const isPrivileged = ((): boolean => {
  const effective = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "latin1"))?.[1] ?? "0";
  return (BigInt(`0x${effective}`) & (1n << 21n)) !== 0n;
})();

function withMemory(action: (fd: number) => void): void {
  const fd = createMemfd("dma-reach", SIZE);
  try {
    action(fd);
  } finally {
    closeFd(fd);
  }
}

test("64 bits reach everything, whoever asks", () => {
  withMemory((fd) => assert.equal(checkDmaReach(fd, 0, SIZE, 64), "below"));
});

test("without the privilege, memory is unknown, never reachable", () => {
  const script = `
    import { closeFd, createMemfd } from ${JSON.stringify(new URL("../native/index.js", import.meta.url))};
    import { checkDmaReach } from ${JSON.stringify(new URL("./dma-reach.js", import.meta.url))};
    createMemfd("loads the addon", 4096);
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
    const fd = createMemfd("dma-reach", 4096 * 4);
    console.log([12, 32, 63].map((bits) => checkDmaReach(fd, 0, 4096 * 4, bits)).join(" "));
  `;
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(child.stdout.trim(), "unknown unknown unknown", child.stderr);
});

test(
  "with it, pages that nobody touched yet are found, and the highest address decides",
  { skip: isPrivileged ? false : "needs CAP_SYS_ADMIN to read page frames" },
  () => {
    withMemory((fd) => {
      const frames = pageFrames(fd, 0, SIZE);
      assert.ok(frames !== null);
      assert.equal(frames.pages, 64);
      assert.equal(frames.unknownPages, 0);
      assert.ok(frames.highestAddress > 64 * 4096, `${frames.highestAddress}`);
      const needed = Math.ceil(Math.log2(frames.highestAddress + 1));
      assert.equal(checkDmaReach(fd, 0, SIZE, needed), "below");
      assert.equal(checkDmaReach(fd, 0, SIZE, needed - 1), "above");
      // Part of a page counts as the page; a part lies no higher than the whole.
      const part = pageFrames(fd, 5000, 10);
      assert.equal(part?.pages, 1);
      assert.ok(part.highestAddress <= frames.highestAddress);
    });
  },
);

test("ranges outside the file are unknown", () => {
  withMemory((fd) => {
    for (const [offset, length] of [
      [SIZE, 4096],
      [SIZE - 4096, 8192],
      [-4096, 4096],
      [0, 2 ** 60],
      [0, 0],
      [Number.NaN, 4096],
    ] as const)
      assert.equal(checkDmaReach(fd, offset, length, 32), "unknown", `${offset} ${length}`);
  });
});

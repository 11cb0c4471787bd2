/**
 * GL reads and writes exactly the bytes that were checked: random numbers on every op that takes memory, and on every way of a transfer,
 * with memory between guard pages. Seeds are fixed: `npm run test:fuzz` takes new ones. `test/mutations` shows that it can fail.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { OpReport } from "./op-check.js";
import { runExactBytes } from "./run-program.js";
import type { TransferReport } from "./transfer-check.js";

for (const api of ["gles", "gl"] as const) {
  describe(`on ${api === "gles" ? "OpenGL ES" : "desktop OpenGL"}`, () => {
    it("every op takes what lies in its data, and refuses the rest", async () => {
      const report = (await runExactBytes({ level: "ops", api, seed: 1, steps: 12_000 })) as unknown as OpReport;
      console.log(`${api} ops: ${JSON.stringify(report)}`);
      assert.ok(report.accepted > 5000 && report.refused > 4000, "both are common");
      for (const [op, count] of Object.entries(report.ops)) assert.ok(count > 200, `${op}: ${count} cases`);
      assert.ok(Object.keys(report.ops).length >= 8);
    });

    it("every way of a transfer moves the bytes that the guest names, and no others", async () => {
      const run = { level: "transfers", api, seed: 1, steps: 4500 } as const;
      const report = (await runExactBytes(run)) as unknown as TransferReport;
      console.log(`${api} transfers: ${JSON.stringify({ ...report, unread: report.unread.length })}`);
      assert.ok(report.moved > 4000 && report.refused > 3000, "both are common");
      assert.equal(Object.keys(report.ways).length, 10);
      // Desktop OpenGL gives blocks of formats that it keeps unpacked in no way back.
      if (api === "gles") assert.deepEqual(report.unread, [], "formats that were not compared");
      assert.ok(report.unread.every((name) => /^(ASTC|ETC)/.test(name)));
    });

    it("strides beyond 2 GiB are stepped over forwards", async (t) => {
      const { moved } = await runExactBytes({ level: "huge", api, seed: 0, steps: 0 });
      if (moved === null) return t.skip("the system has no 4 GiB of address space for it");
      assert.ok((moved as number) >= 13);
    });
  });
}

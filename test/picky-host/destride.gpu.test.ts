/** Screens whose rows the host does not take: 1366 and 1080 pixels wide, from probe to pixels. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { runChecks } from "../zero-copy/checks.js";
import { pickyEnvironment, type PickyRules } from "./picky-host.js";
import { runOnPickyHost } from "./run-cli.js";

const program = new URL("./destride-program.js", import.meta.url);

const HOSTS: readonly (readonly [name: string, rules: PickyRules, path: string])[] = [
  ["takes everything", {}, "memfd"],
  ["multiples of 64", { stride: 64 }, "destride"],
  ["multiples of 256, refused by EGL_BAD_ALLOC", { stride: 256, error: "alloc" }, "destride"],
  ["multiples of 96, offsets in multiples of 48", { stride: 96, offset: 48, error: "match" }, "destride"],
  ["multiples of 320, a driver that crashes", { stride: 320, error: "crash" }, "destride"],
  ["one format in another order, LINEAR to be named", { formats: ["AR24"], modifier: "needed" }, "destride"],
  ["texels of two bytes", { formats: ["GR88"], stride: 64 }, "destride"],
  ["texels of one byte, small pictures", { formats: ["R8"], size: [8192, 4096], stride: 64 }, "destride"],
  ["bounces", { bounce: true, stride: 64 }, "upload"],
];

for (const [name, rules, path] of HOSTS) {
  test(`a host: ${name}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "destride-"));
    try {
      const profile = join(folder, "profile.json");
      const probed = await runOnPickyHost(rules, ["probe", `--profile=${profile}`]);
      assert.ok(probed.status === 0 || rules.bounce === true, probed.stderr);
      await runChecks(t, program, [profile, path], await pickyEnvironment(rules));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("a host that nobody probed: multiples of 320", async (t) => {
  await runChecks(t, program, ["none", "destride"], await pickyEnvironment({ stride: 320 }));
});

test("the step refused for a test: everything is uploaded", async (t) => {
  const env = { ...(await pickyEnvironment({ stride: 64 })), VIRTGPU_REFUSE_IMPORT: "destride" };
  await runChecks(t, program, ["none", "upload"], env);
});

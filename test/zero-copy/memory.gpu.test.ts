/** A resource exists once: host memory per imported texture is bookkeeping only. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

for (const policy of ["always", "never"]) {
  test(`host memory of textures with --zero-copy=${policy}`, async (t) => {
    await runChecks(t, new URL("./memory-program.js", import.meta.url), [policy]);
  });
}

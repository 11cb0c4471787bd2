/** Each rung of the ladder refused in its turn: right pixels, and the verdict names the rung. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

const program = new URL("./faults-program.js", import.meta.url);

for (const [api, ...refusals] of [
  ["gles", "", "memfd", "window", "memfd,window"],
  ["gl", "", "pinned", "pinned-window", "pinned,pinned-window", "memfd,pinned,pinned-window,window"],
] as const) {
  for (const refused of refusals) {
    test(`${api}, refused: ${refused === "" ? "nothing" : refused}`, async (t) => {
      await runChecks(t, program, [api], { VIRTGPU_REFUSE_IMPORT: refused });
    });
  }
}

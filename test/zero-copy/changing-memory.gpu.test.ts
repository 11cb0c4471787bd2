/** Guest memory that a VMM maps anew, takes away and gives back, under imports. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

const program = new URL("./changing-memory-program.js", import.meta.url);

for (const kind of ["images", "buffers"]) {
  test(`${kind} over changes of guest memory`, async (t) => {
    await runChecks(t, program, [kind]);
  });
}

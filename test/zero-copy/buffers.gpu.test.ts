/** Vertex, index and uniform-block data drawn from guest memory on a desktop GL host; with `never` guest writes are not seen. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

const program = new URL("./buffers-program.js", import.meta.url);

for (const policy of ["always", "auto", "never"]) {
  test(`buffers in guest memory, --zero-copy=${policy}`, async (t) => {
    await runChecks(t, program, [policy]);
  });
}

/** Formats × widths × strides × offsets on a memory file, pixels exact. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

test("formats, widths, offsets and scattered pages", async (t) => {
  await runChecks(t, new URL("./matrix-program.js", import.meta.url));
});

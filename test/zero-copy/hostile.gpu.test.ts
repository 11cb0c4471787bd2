/** Hostile guests at every import. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

test("hostile numbers and memory", async (t) => {
  await runChecks(t, new URL("./hostile-program.js", import.meta.url));
});

/** Imports that come and go: contents, order and what remains. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

test("memory that comes and goes", async (t) => {
  await runChecks(t, new URL("./lifetime-program.js", import.meta.url));
});

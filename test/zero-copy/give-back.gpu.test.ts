/** UNREF and DETACH while the GPU is at work. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

test("memory that is given back while the GPU is at work on it", async (t) => {
  await runChecks(t, new URL("./give-back-program.js", import.meta.url));
});

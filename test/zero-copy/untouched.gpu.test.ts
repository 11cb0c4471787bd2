/** During imported frames our own mapping of guest data is PROT_NONE; the same test must die where copies are made. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mesa25Refusal } from "../mesa25/mesa25.js";
import { runWithMesa25 } from "../mesa25/run-script.js";
import { runChecks } from "./checks.js";

const program = new URL("./untouched-program.js", import.meta.url);

test("imported frames touch no guest data", async (t) => {
  await runChecks(t, program, ["always"]);
});

const skip = mesa25Refusal() ?? false;

test("the same frames, copied, touch it and die of it", { skip }, async () => {
  const result = await runWithMesa25(program, ["never"]);
  assert.equal(result.signal, "SIGSEGV", result.stdout);
});

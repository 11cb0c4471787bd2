/** Sharing, shown without the ledger: what the guest writes with no command sent is seen, and with `never` it is not. */
import { test } from "node:test";
import { runChecks } from "./checks.js";

const program = new URL("./sharing-program.js", import.meta.url);

for (const policy of ["always", "never"]) {
  test(`guest writes without a command, --zero-copy=${policy}`, async (t) => {
    await runChecks(t, program, [policy]);
  });
}

/** Checks that run in a process of their own (another Mesa, a crash that is expected) and are told to the test as JSON lines. */
import type { TestContext } from "node:test";
import assert from "node:assert/strict";
import type { CheckResult } from "./report.js";
import { mesa25Refusal } from "../mesa25/mesa25.js";
import { runWithMesa25, type ScriptResult } from "../mesa25/run-script.js";

export { check } from "./report.js";

/** In the test: runs the program and makes a subtest of each of its checks. @returns how the program ended, null where there is no Mesa 25 */
export async function runChecks(
  t: TestContext,
  program: URL,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<ScriptResult | null> {
  const refusal = mesa25Refusal();
  if (refusal !== null) {
    t.skip(refusal);
    return null;
  }
  const result = await runWithMesa25(program, args, env);
  const lines = result.stdout.split("\n").filter((line) => line.startsWith("{"));
  for (const line of lines) {
    const outcome = JSON.parse(line) as CheckResult;
    await t.test(outcome.name, (s) => {
      if (outcome.note !== undefined) s.diagnostic(outcome.note);
      assert.equal(outcome.error, undefined, `${outcome.error ?? ""}\n${result.stderr}`);
    });
  }
  assert.equal(result.status, 0, `the program ended with ${result.signal ?? result.status}: ${result.stderr}`);
  assert.ok(lines.length > 0, "the program checked nothing");
  return result;
}

/**
 * One small real ES 3.0 client per feature, run natively, through the C server and through ours in one pass. Nothing is
 * stored: native is the reference. Where the C server is wrong against native, ours is compared with native only, and the
 * case is listed in the table at the end.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compareRecords, isOneValue } from "../clients/records.js";
import { buildClients, clientNames, runClient, type ClientRun } from "../clients/run-clients.js";
import { Bench, findProgram, sandboxRefusal } from "./harness.js";

const skip = (await sandboxRefusal()) ?? false;
const cServerMissing = findProgram("virgl_test_server") === undefined;

interface Row {
  readonly name: string;
  readonly records: number;
  readonly c: string;
  readonly ours: string;
  readonly notes: readonly string[];
}

/** A client that records errors, or nothing but uniform pictures, tests nothing. */
function checkReference(name: string, run: ClientRun): void {
  assert.equal(run.failure, undefined, `${name} natively: ${run.stderr}`);
  const errors = run.records.filter((record) => record.name.endsWith(".error"));
  assert.deepEqual(
    errors.map((record) => record.name),
    [],
    `${name} makes GL errors natively`,
  );
  assert.ok(
    run.records.some((record) => record.kind !== "text" && !isOneValue(record)),
    `${name} records one value only`,
  );
}

function verdict(run: ClientRun, differences: readonly unknown[]): string {
  return run.failure ?? (differences.length === 0 ? "equal" : `${differences.length} differ`);
}

describe("feature clients: native, C server, ours", { skip, concurrency: false }, () => {
  const rows: Row[] = [];
  let native: Bench;
  let c: Bench | undefined;
  let ours: Bench;

  before(async () => {
    await buildClients();
    native = await Bench.create({});
    ours = await Bench.create({ server: { kind: "ours" } });
    if (!cServerMissing) c = await Bench.create({ server: { kind: "c" } });
  });
  after(async () => {
    for (const bench of [ours, c, native]) await bench?.[Symbol.asyncDispose]();
    for (const row of rows) {
      process.stdout.write(
        `${row.name.padEnd(24)} ${String(row.records).padStart(4)} records  C: ${row.c}  ours: ${row.ours}\n`,
      );
      for (const note of row.notes) process.stdout.write(`    ${note}\n`);
    }
  });

  for (const name of clientNames()) {
    test(name, async () => {
      const expected = await runClient(native, name);
      checkReference(name, expected);
      const notes: string[] = [];
      let cVerdict = "not installed";
      if (c !== undefined) {
        const run = await runClient(c, name);
        const { differences } = compareRecords(expected.records, run.records);
        cVerdict = verdict(run, differences);
        for (const { name: record, reason } of differences) notes.push(`C server ${record}: ${reason}`);
      }
      const run = await runClient(ours, name);
      const { differences, notOffered } = compareRecords(expected.records, run.records);
      for (const feature of notOffered) notes.push(`ours does not offer ${feature}`);
      rows.push({ name, records: expected.records.length, c: cVerdict, ours: verdict(run, differences), notes });
      assert.equal(run.failure, undefined, `${name}: ${run.stderr}\n${ours.server?.log() ?? ""}`);
      const reasons = differences.map((difference) => `${difference.name}: ${difference.reason}`);
      assert.deepEqual(reasons, [], `${name}: C server ${cVerdict}\n${ours.server?.log().slice(-2000) ?? ""}`);
    });
  }
});

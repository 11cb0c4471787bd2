/**
 * One small real ES 3.0 client per feature, run natively and through ours in one pass, ours under every host variant.
 * Nothing is stored: native is the reference. `npm run test:long` runs them through the C server, too, and shows a table of where that
 * one is wrong against native.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { IS_LONG } from "../amount.js";
import { compareRecords, isOneValue } from "../clients/records.js";
import { buildClients, clientNames, runClient, type ClientRun } from "../clients/run-clients.js";
import {
  Bench,
  findProgram,
  finishedClients,
  raisedCounters,
  sandboxRefusal,
  waitUntil,
  type FinishedClient,
} from "./harness.js";
import { VARIANTS, type Variant } from "./variants.js";

const skip = (await sandboxRefusal()) ?? false;
/** A host that stops at OpenGL ES 3.0, the baseline: no sample masks, image copies, stencil texturing, texture views. */
const ES_30: Variant = {
  name: "OpenGL ES 3.0 host",
  slug: "es30",
  server: { kind: "ours", env: { MESA_GLES_VERSION_OVERRIDE: "3.0" } },
};
/** What the C server makes of them is shown, and fails nothing: only in `npm run test:long`. */
const asksCServer = IS_LONG && findProgram("virgl_test_server") !== undefined;

/** Native results by client; every variant is compared with the same run. */
const references = new Map<string, ClientRun>();

/** A client that makes errors, or records nothing but uniform pictures, tests nothing. */
function checkReference(name: string, run: ClientRun): void {
  assert.equal(run.failure, undefined, `${name} natively: ${run.stderr}`);
  const errors = run.records.filter((record) => record.name.endsWith(".error")).map((record) => record.name);
  assert.deepEqual(errors, [], `${name} makes GL errors natively`);
  const shows = run.records.some((record) => record.kind !== "text" && !isOneValue(record));
  assert.ok(shows, `${name} records one value only`);
}

function verdictOf(run: ClientRun, differences: readonly unknown[]): string {
  return run.failure ?? (differences.length === 0 ? "equal" : `${differences.length} differ`);
}

describe("feature clients natively and on the C server", { skip, concurrency: 2 }, () => {
  const table: string[] = [];
  let native: Bench;
  let c: Bench | undefined;

  before(async () => {
    await buildClients();
    native = await Bench.create({});
    if (asksCServer) c = await Bench.create({ server: { kind: "c" } });
  });
  after(async () => {
    await c?.[Symbol.asyncDispose]();
    await native?.[Symbol.asyncDispose]();
    if (asksCServer) process.stdout.write(`C server against native:\n${table.join("\n")}\n`);
  });

  for (const name of clientNames()) {
    test(`${name} natively`, async () => {
      const expected = await runClient(native, name);
      checkReference(name, expected);
      references.set(name, expected);
      if (c === undefined) return;
      const run = await runClient(c, name);
      const { differences } = compareRecords(expected.records, run.records);
      table.push(`${name.padEnd(24)} ${expected.records.length} records, ${verdictOf(run, differences)}`);
      for (const { name: record, reason } of differences) table.push(`    ${record}: ${reason}`);
    });
  }
});

/** Error counters of a client that has ended; its end is logged a moment after it is gone. */
async function raisedBy(bench: Bench, name: string): Promise<string[]> {
  const { server } = bench;
  assert.ok(server !== undefined);
  const ended = (): FinishedClient[] => finishedClients(server).filter((client) => client.name === name);
  await waitUntil(() => ended().length > 0, `the end of ${name} in the log`);
  return raisedCounters(ended());
}

function testVariant(variant: Variant): void {
  let ours: Bench;
  const notes: string[] = [];

  before(async () => {
    ours = await Bench.create({ server: variant.server });
  });
  after(async () => {
    await ours?.[Symbol.asyncDispose]();
    if (notes.length > 0) process.stdout.write(`${variant.name}:\n${notes.join("\n")}\n`);
  });

  for (const name of clientNames()) {
    test(name, async () => {
      const expected = references.get(name);
      assert.ok(expected !== undefined, `${name} did not run natively`);
      const run = await runClient(ours, name);
      const { differences, notOffered } = compareRecords(expected.records, run.records);
      for (const feature of notOffered) notes.push(`    ${name}: ${feature} is not offered`);
      const log = (): string => ours.server?.log().slice(-2000) ?? "";
      assert.equal(run.failure, undefined, `${name}: ${run.stderr}\n${log()}`);
      const reasons = differences.map((difference) => `${difference.name}: ${difference.reason}`);
      assert.deepEqual(reasons, [], `${name}:\n${log()}`);
      assert.deepEqual(await raisedBy(ours, name), [], `${name}:\n${log()}`);
    });
  }
}

for (const variant of [...VARIANTS, ES_30]) {
  describe(`feature clients on ours: ${variant.name}`, { skip, concurrency: 2 }, () => testVariant(variant));
}

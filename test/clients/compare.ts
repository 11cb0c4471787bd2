/**
 * By hand: `node test/dist/clients/compare.js [NAME]... [--servers=c,ours] [--host-gl] [--verbose] [--env=K=V]...` runs
 * feature clients natively and through each server and prints what differs from native.
 */
import { parseArgs } from "node:util";
import { Bench, type RunningServer } from "../e2e/harness.js";
import { compareRecords } from "./records.js";
import { buildClients, clientNames, runClient } from "./run-clients.js";

const { values, positionals } = parseArgs({
  options: {
    servers: { type: "string", default: "c,ours" },
    "host-gl": { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
    timeout: { type: "string", default: "60" },
    env: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});

const env: Record<string, string> = {};
for (const pair of values.env) env[pair.slice(0, pair.indexOf("="))] = pair.slice(pair.indexOf("=") + 1);

await buildClients();
await using native = await Bench.create({});
const servers: { kind: string; bench: Bench; logged: number }[] = [];
for (const kind of ["c", "ours"] as const) {
  if (!values.servers.split(",").includes(kind)) continue;
  const bench = await Bench.create({ server: { kind, hostGl: values["host-gl"], env: kind === "ours" ? env : {} } });
  servers.push({ kind, bench, logged: 0 });
}

const logOf = (server: RunningServer | undefined): string => server?.log() ?? "";

async function compareClient(name: string): Promise<number> {
  const expected = await runClient(native, name);
  const cells = [`${String(expected.records.length).padStart(3)} records`];
  const details: string[] = [];
  if (expected.failure !== undefined) details.push(`native: ${expected.failure} ${expected.stderr}`);
  let failures = 0;
  for (const server of servers) {
    const run = await runClient(server.bench, name, Number(values.timeout) * 1000);
    const { differences, notOffered } = compareRecords(expected.records, run.records);
    const verdict = run.failure ?? (differences.length === 0 ? "equal" : `${differences.length} differ`);
    cells.push(`${server.kind}: ${verdict} (${Math.round(run.wallMs)} ms)`);
    if (verdict !== "equal" && server.kind === "ours") failures++;
    const shown = values.verbose ? differences : differences.slice(0, 10);
    details.push(...shown.map(({ name: record, reason }) => `${server.kind} ${record}: ${reason}`));
    details.push(...notOffered.map((feature) => `${server.kind} does not offer ${feature}`));
    if (run.failure !== undefined) details.push(`${server.kind} stderr: ${run.stderr.slice(0, 2000)}`);
    const log = logOf(server.bench.server);
    const fresh = log.slice(server.logged).trim();
    server.logged = log.length;
    const wanted = values.verbose || (server.kind === "ours" && verdict !== "equal");
    if (wanted && fresh !== "") details.push(`${server.kind} log: ${fresh.slice(0, values.verbose ? 20_000 : 1500)}`);
  }
  process.stdout.write(`${name.padEnd(24)} ${cells.join("   ")}\n`);
  for (const line of details) process.stdout.write(`    ${line.replaceAll("\n", "\n      ")}\n`);
  return failures;
}

let failures = 0;
for (const name of positionals.length === 0 ? clientNames() : positionals) failures += await compareClient(name);
for (const { bench } of servers) await bench[Symbol.asyncDispose]();
process.stdout.write(`${failures} clients differ on ours\n`);
process.exitCode = failures === 0 ? 0 : 1;

/**
 * By hand: `node test/dist/e2e/run-client.js [--server=c|ours|native] [--host-gl] [--timeout=S] [--env=K=V]... -- PROGRAM [ARGS]`
 * runs one Mesa program under Xvfb through a server, prints its output and then the server's log.
 */
import { parseArgs } from "node:util";
import { Bench, usageOf } from "./harness.js";

const { values, positionals } = parseArgs({
  options: {
    server: { type: "string", default: "ours" },
    "host-gl": { type: "boolean", default: false },
    timeout: { type: "string", default: "60" },
    env: { type: "string", multiple: true, default: [] },
    arg: { type: "string", multiple: true, default: [] },
  },
  allowPositionals: true,
});
const [program, ...args] = positionals;
if (program === undefined) {
  process.stderr.write("usage: run-client [--server=c|ours|native] [--host-gl] [--timeout=S] [--env=K=V] -- PROGRAM\n");
  process.exit(2);
}
const env: Record<string, string> = {};
for (const pair of values.env) {
  const split = pair.indexOf("=");
  env[pair.slice(0, split)] = pair.slice(split + 1);
}
const kind = values.server === "c" ? "c" : "ours";
const bench = await Bench.create({
  x11: true,
  ...(values.server === "native" ? {} : { server: { kind, hostGl: values["host-gl"], env, args: values.arg } }),
});
const result = await bench.client(program, args, { timeoutMs: Number(values.timeout) * 1000 });
process.stdout.write(result.stdout + result.stderr);
const usage = bench.server === undefined ? "" : `, server ${JSON.stringify(usageOf(bench.server.process.pid))}`;
process.stdout.write(
  `-- ${program}: exit ${result.code ?? result.signal}${result.timedOut ? " (timed out)" : ""}, ` +
    `${Math.round(result.wallMs)} ms${usage}\n`,
);
await new Promise((resolve) => setTimeout(resolve, 300)); // the client's process says its last words
await bench.server?.stop();
if (bench.server !== undefined) process.stdout.write(`-- server log:\n${bench.server.log()}`);
await bench[Symbol.asyncDispose]();
process.exitCode = result.code ?? 1;

// Runs clients natively and through vtest servers in one pass and prints a table of what differs.
//
//   node test/clients/compare.mjs [NAME...] [--servers=c,ours] [--verbose] [--keep]
//
// The clients' Mesa has a fixed socket path in /tmp, so servers and clients live in a mount namespace of their own.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildClients, clientDirectory, clientNames } from "./build.mjs";
import { compareRecords, parseRecords } from "./records.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const socketPath = "/tmp/.virgl_test";
const options = { servers: "c,ours", timeout: "60" };
const names = [];
for (const argument of process.argv.slice(2)) {
  const match = /^--([a-z]+)(?:=(.*))?$/.exec(argument);
  if (match) options[match[1]] = match[2] ?? "yes";
  else names.push(argument);
}

const serverCommands = {
  c: ["virgl_test_server", "--use-egl-surfaceless", "--use-gles", `--socket-path=${socketPath}`],
  ours: [join(root, "bin/virtgpu-test-server"), "--use-egl-surfaceless", "--use-gles", `--socket-path=${socketPath}`],
};

const started = [];
function start(command, settings) {
  const child = spawn(command[0], command.slice(1), settings);
  started.push(child);
  return child;
}
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));

/** A process that holds a mount namespace with a private /tmp. */
async function createNamespace() {
  const holder = start(["unshare", "-m", "sh", "-c", "mount -t tmpfs tmpfs /tmp && echo ready && exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  return holder.pid;
}

const inside = (pid, command) => ["nsenter", "-t", String(pid), "-m", "--", ...command];

async function startServer(kind) {
  const pid = await createNamespace();
  const log = [];
  const server = start(inside(pid, serverCommands[kind]), { stdio: ["ignore", "pipe", "pipe"] });
  server.stdout.on("data", (bytes) => log.push(bytes));
  server.stderr.on("data", (bytes) => log.push(bytes));
  for (let i = 0; i < 100 && !existsSync(`/proc/${pid}/root${socketPath}`); i++)
    await new Promise((r) => setTimeout(r, 50));
  return { pid, server, takeLog: () => Buffer.concat(log.splice(0)).toString() };
}

const outputDirectory = join(clientDirectory, "records");
mkdirSync(outputDirectory, { recursive: true });

function runClient(name, kind, server) {
  const output = join(outputDirectory, `${name}.${kind}`);
  rmSync(output, { force: true });
  const command = [join(clientDirectory, name), output];
  const environment = { ...process.env };
  delete environment.GALLIUM_DRIVER;
  if (server) Object.assign(environment, { GALLIUM_DRIVER: "virpipe", LIBGL_ALWAYS_SOFTWARE: "1" });
  const [file, ...args] = server ? inside(server.pid, command) : command;
  const result = spawnSync(file, args, {
    env: environment,
    encoding: "utf8",
    timeout: Number(options.timeout) * 1000,
    killSignal: "SIGKILL",
  });
  const records = existsSync(output) ? parseRecords(readFileSync(output)) : [];
  const died = result.signal ?? (result.status === 0 ? undefined : `exit ${result.status}`);
  return { records, died, renderer: result.stdout.trim(), stderr: result.stderr.trim() };
}

await buildClients();
const servers = {};
for (const kind of options.servers.split(",").filter(Boolean)) servers[kind] = await startServer(kind);

let failures = 0;
for (const name of names.length ? names : clientNames()) {
  const native = runClient(name, "native");
  if (native.died || options.verbose) console.log(`${name} native: ${native.died ?? "done"} ${native.stderr}`);
  const cells = [`${String(native.records.length).padStart(3)} records`];
  const details = [];
  for (const [kind, server] of Object.entries(servers)) {
    const beginning = performance.now();
    const run = runClient(name, kind, server);
    await new Promise((r) => setTimeout(r, 30));
    const differences = compareRecords(native.records, run.records);
    cells.push(
      `${kind}: ${run.died ?? (differences.length ? `${differences.length} differ` : "equal")} (${Math.round(performance.now() - beginning)} ms)`,
    );
    if (kind === "ours" && (run.died || differences.length)) failures++;
    const limit = options.verbose ? Infinity : 12;
    for (const { name: record, reason } of differences.slice(0, limit))
      details.push(`    ${kind} ${record}: ${reason}`);
    if (differences.length > limit) details.push(`    ${kind} … ${differences.length - limit} more`);
    const log = server.takeLog().trim();
    if (run.stderr && (run.died || options.verbose)) details.push(`    ${kind} stderr: ${run.stderr.slice(0, 2000)}`);
    if (log && (options.verbose || kind === "ours" || run.died))
      details.push(`    ${kind} log: ${log.slice(0, options.verbose ? 20000 : 1500).replaceAll("\n", "\n      ")}`);
  }
  console.log(`${name.padEnd(24)} ${cells.join("   ")}`);
  if (details.length) console.log(details.join("\n"));
}
if (servers.ours) console.log(`${failures} clients differ on ours`);
process.exit(failures ? 1 : 0);

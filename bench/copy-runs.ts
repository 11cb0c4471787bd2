/** One client on one server: bytes that were moved, and processor time per frame. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { payloadOf } from "#virtgpu/cli/explain-text.js";
import { parseScenes } from "#e2e/glmark2.js";
import { Sandbox, startXvfb, usageOf, waitUntil, type RunResult, type SandboxProcess } from "#e2e/harness.js";
import { repositoryRoot } from "#e2e/paths.js";
import {
  buildStreamingClient,
  parseStreamed,
  STREAMING_CLIENTS,
  type StreamingClient,
} from "#e2e/streaming-clients.js";
import { bytesPerFrame, CopyCounter, type MovedBytes } from "./moved-bytes.js";

export interface CopyWorkload {
  readonly name: string;
  readonly client: { readonly streaming: StreamingClient } | { readonly scene: string };
}

const BUFFER = "buffer:columns=200:interleave=false:update-dispersion=0.9:update-fraction=0.5";

export const COPY_WORKLOADS: readonly CopyWorkload[] = [
  ...STREAMING_CLIENTS.map((streaming) => ({ name: streaming, client: { streaming } })),
  { name: "glmark2 texture", client: { scene: "texture:texture-filter=linear" } },
  { name: "glmark2 buffer, map", client: { scene: `${BUFFER}:update-method=map` } },
  { name: "glmark2 buffer, subdata", client: { scene: `${BUFFER}:update-method=subdata` } },
];

export interface CopyConfiguration {
  readonly name: string;
  readonly kind: "ours" | "c";
  readonly flags: readonly string[];
  /** Without COPY_TRANSFER3D clients send every upload as a transfer of its own. */
  readonly hasCopyTransfer: boolean;
}

const ours = (policy: string, hasCopyTransfer: boolean): CopyConfiguration => ({
  name: `${policy}${hasCopyTransfer ? "" : ", no copy transfer"}`,
  kind: "ours",
  flags: [`--zero-copy=${policy}`],
  hasCopyTransfer,
});

export const COPY_CONFIGURATIONS: readonly CopyConfiguration[] = [
  { name: "C server", kind: "c", flags: [], hasCopyTransfer: true },
  ours("never", true),
  ours("never", false),
  ours("auto", true),
  ours("always", true),
  ours("always", false),
  // Buffers can be guest memory on desktop GL only.
  { name: "auto, --host-gl", kind: "ours", flags: ["--zero-copy=auto", "--host-gl"], hasCopyTransfer: true },
];

export interface CopySample {
  readonly workload: string;
  readonly configuration: string;
  readonly fps: number;
  /** Processor time of the server's processes. */
  readonly serverCpuMsPerFrame: number;
  /** Bytes per frame by reason, and of resource payload; null: the server does not count. */
  readonly bytesPerFrame: Readonly<Record<string, number>> | null;
  readonly payloadBytesPerFrame: number | null;
  readonly renderer: string;
}

const START_UP_SECONDS = 1;
const SOCKET = "/tmp/.virgl_test";

/** What a server moved for a frame, its driver's copies included, as seen from outside. */
export interface SeenCopies {
  readonly workload: string;
  readonly configuration: string;
  readonly bytes: MovedBytes;
}

/** Runs the client for a second and `seconds`; processor time is taken over the latter alone, bytes over the whole run. */
export async function measureCopies(
  workload: CopyWorkload,
  configuration: CopyConfiguration,
  driverEnv: Readonly<Record<string, string>>,
  seconds: number,
): Promise<CopySample> {
  const sandbox = await Sandbox.create();
  try {
    const server = await startServer(sandbox, configuration, driverEnv);
    const running = runClient(sandbox, workload, START_UP_SECONDS + seconds + 0.5);
    await delay(START_UP_SECONDS * 1000);
    const from = usageOf(server.pid);
    const started = performance.now();
    await delay(seconds * 1000);
    const cpuMs = usageOf(server.pid).cpuMs - from.cpuMs;
    const windowSeconds = (performance.now() - started) / 1000;
    const { fps, frames } = await running;
    const counted = configuration.kind === "ours" ? await finishedClient(server) : null;
    const allFrames = frames ?? counted?.frames ?? 0;
    const ledger =
      counted === null
        ? null
        : Object.fromEntries(Object.entries(counted.copiedBytes).map(([reason, bytes]) => [reason, bytes / allFrames]));
    return {
      workload: workload.name,
      configuration: configuration.name,
      fps,
      serverCpuMsPerFrame: cpuMs / (fps * windowSeconds),
      bytesPerFrame: ledger,
      payloadBytesPerFrame: ledger === null ? null : payloadOf(ledger),
      renderer: counted?.renderer ?? "",
    };
  } finally {
    await sandbox.dispose();
  }
}

/** As `measureCopies`, counting what the server's processes copy: by how much a longer run exceeds a short one, so that no start is in it. */
export async function seeCopies(
  workload: CopyWorkload,
  configuration: CopyConfiguration,
  driverEnv: Readonly<Record<string, string>>,
  seconds: number,
): Promise<SeenCopies> {
  const run = async (seconds: number): Promise<{ bytes: MovedBytes; frames: number }> => {
    const sandbox = await Sandbox.create();
    try {
      const counter = await CopyCounter.open(sandbox.workDir);
      await startServer(sandbox, configuration, { ...driverEnv, ...counter.env });
      const { fps, frames } = await runClient(sandbox, workload, seconds);
      return { bytes: counter.readAll(), frames: frames ?? fps * seconds };
    } finally {
      await sandbox.dispose();
    }
  };
  const short = await run(START_UP_SECONDS);
  const long = await run(START_UP_SECONDS + seconds);
  const bytes = bytesPerFrame(short.bytes, long.bytes, long.frames - short.frames);
  return { workload: workload.name, configuration: configuration.name, bytes };
}

/** @returns frames: null where the client does not tell */
async function runClient(
  sandbox: Sandbox,
  workload: CopyWorkload,
  seconds: number,
): Promise<{ fps: number; frames: number | null }> {
  const { command, args, env } = await prepareClient(sandbox, workload, seconds);
  const result = await sandbox.run(command, args, { env, timeoutMs: (seconds + 30) * 1000 });
  if (result.code !== 0) throw new Error(`the client ended with ${result.code ?? result.signal}: ${result.stderr}`);
  return framesOf(workload, result);
}

async function startServer(
  sandbox: Sandbox,
  { kind, flags, hasCopyTransfer }: CopyConfiguration,
  driverEnv: Readonly<Record<string, string>>,
): Promise<SandboxProcess> {
  const env = {
    LIBGL_ALWAYS_SOFTWARE: "1",
    ...driverEnv,
    ...(hasCopyTransfer ? {} : { VIRTGPU_TEST_REMOVE_COMMAND: "COPY_TRANSFER3D" }),
  };
  const server =
    kind === "c"
      ? sandbox.spawn("virgl_test_server", ["--use-egl-surfaceless", "--use-gles", `--socket-path=${SOCKET}`], { env })
      : sandbox.spawn(
          join(repositoryRoot(), "bin/virtgpu"),
          // Without a spare: the next one would start during the measurement.
          [
            "serve",
            `--vtest=${SOCKET}`,
            "--control=none",
            "--egl-platform=surfaceless",
            "--spares=0",
            "--log-json",
            ...flags,
          ],
          { env },
        );
  const path = sandbox.outsidePath(SOCKET);
  const isUp = (): boolean => existsSync(path) && (kind === "c" || server.stderr().includes("server is ready"));
  await waitUntil(() => isUp() || !server.isRunning(), "the server to listen", 30_000);
  if (!server.isRunning()) throw new Error(`the server ended: ${server.stderr()}${server.stdout()}`);
  return server;
}

/** The client's command line and environment, everything that it needs being there. */
async function prepareClient(sandbox: Sandbox, { client }: CopyWorkload, seconds: number): Promise<Prepared> {
  const env = { LIBGL_ALWAYS_SOFTWARE: "1", GALLIUM_DRIVER: "virpipe" };
  if ("streaming" in client) {
    const command = await buildStreamingClient(client.streaming);
    return { command, args: [join(sandbox.workDir, "client.records"), String(seconds)], env };
  }
  const display = await startXvfb(sandbox);
  const args = ["--size", "800x600", "-b", `${client.scene}:duration=${seconds}`];
  return { command: "glmark2-es2", args, env: { ...env, DISPLAY: display } };
}

interface Prepared {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface Counted {
  readonly frames: number;
  readonly copiedBytes: Readonly<Record<string, number>>;
  readonly renderer: string;
}

/** A line of our server's log, by its message. */
function lineOf<T>(server: SandboxProcess, message: string): T | undefined {
  const text = server
    .stderr()
    .split("\n")
    .find((line) => line.includes(`"msg":"${message}"`));
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

/** What our server's log says of its one client. */
async function finishedClient(server: SandboxProcess): Promise<Counted> {
  const find = () => lineOf<Omit<Counted, "renderer">>(server, "client finished");
  await waitUntil(() => find() !== undefined, "the client's end in the log");
  const ready = lineOf<{ renderer: string; glVersion: string }>(server, "vtest server is ready");
  const { frames, copiedBytes } = find()!;
  return { frames, copiedBytes, renderer: ready === undefined ? "" : `${ready.renderer}, ${ready.glVersion}` };
}

function framesOf({ client }: CopyWorkload, result: RunResult): { fps: number; frames: number | null } {
  if ("streaming" in client) return parseStreamed(result.stdout);
  const fps = parseScenes(result)[0]?.fps;
  if (fps === undefined) throw new Error(`glmark2-es2 told no frame rate: ${result.stdout}`);
  return { fps, frames: null };
}

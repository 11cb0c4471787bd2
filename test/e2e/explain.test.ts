/** `explain` and metrics of the vtest server while real Mesa clients stream: bytes per frame, known exactly from the client's source. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot, Sandbox, sandboxRefusal, waitUntil } from "./harness.js";
import { driverEnvironment } from "./driver-environment.js";
import { buildStreamingClient, parseStreamed, STREAMED_BYTES, type StreamingClient } from "./streaming-clients.js";
import { askDevice } from "#virtgpu/host/control-client.js";
import type { Explanation } from "#virtgpu/host/explanation.js";
import { fetchMetrics, parseMetrics, sampleOf } from "#virtgpu/testing/metrics-text.js";

const skip = (await sandboxRefusal()) ?? false;
const CONTROL = "/tmp/control.sock";
const METRICS = "/tmp/metrics.sock";
const SECONDS = "1";

/** Our server with the services, and clients on it, in one sandbox. */
async function withServer(
  run: (sandbox: Sandbox) => Promise<void>,
  driverEnv: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sandbox = await Sandbox.create();
  try {
    const args = ["serve", "--vtest", `--control=${CONTROL}`, `--metrics=${METRICS}`, "--egl-platform=surfaceless"];
    const server = sandbox.spawn(join(repositoryRoot(), "bin/virtgpu"), args, {
      env: { LIBGL_ALWAYS_SOFTWARE: "1", ...driverEnv },
      name: "server",
    });
    await waitUntil(
      () => server.stderr().includes("metrics are served") || !server.isRunning(),
      "the server to be ready",
      120_000,
    );
    assert.ok(server.isRunning(), server.stderr());
    await run(sandbox);
  } finally {
    await sandbox.dispose();
  }
}

/** Starts a client that streams for a second and then stays. */
async function startStreaming(sandbox: Sandbox, name: StreamingClient): Promise<{ frames: number }> {
  const program = await buildStreamingClient(name);
  const output = join(sandbox.workDir, `${name}.records`);
  const client = sandbox.spawn(program, [output, SECONDS, "hold"], {
    env: { LIBGL_ALWAYS_SOFTWARE: "1", GALLIUM_DRIVER: "virpipe" },
    name,
  });
  await waitUntil(() => /^frames/m.test(client.stdout()) || !client.isRunning(), `${name} to have drawn`, 300_000);
  assert.ok(client.isRunning(), client.stderr());
  return parseStreamed(client.stdout());
}

async function explain(sandbox: Sandbox): Promise<Explanation> {
  return (await askDevice(sandbox.outsidePath(CONTROL), "explain")) as Explanation;
}

test("a client that re-uploads a texture every frame: explain finds it, with its bytes", { skip }, () =>
  withServer(async (sandbox) => {
    const { frames } = await startStreaming(sandbox, "stream-texture");
    const explanation = await explain(sandbox);
    const [client] = explanation.processes;
    const report = client?.report;
    assert.equal(client?.role, "client 1");
    assert.ok(report !== null && report !== undefined);
    assert.match(report.name, /stream-texture/);
    const [first] = report.resources.listed;
    const { width, height, format } = first ?? {};
    const uploaded = report.movedBytes["upload"] ?? 0;
    const streamed = frames * STREAMED_BYTES["stream-texture"];
    // Beside the texels: the corners of the rectangle, 48 bytes a frame, and a few buffers at the start.
    assert.ok(uploaded >= streamed, `${uploaded} of ${streamed} bytes`);
    assert.ok(uploaded < streamed * 1.001 + 100_000, `${uploaded} for ${streamed} bytes`);
    assert.equal(report.movedBytes["gather"] ?? 0, 0, "vtest memory lies in one piece");
    assert.ok((client?.memory?.pssBytes ?? 0) > 10 << 20);
    assert.ok(report.guestMemoryBytes >= STREAMED_BYTES["stream-texture"]);
    assert.ok(width !== undefined && height !== undefined && format !== undefined);
    assert.ok((report.fences["0"] ?? 0) >= 0);
    const families = parseMetrics(await fetchMetrics(sandbox.outsidePath(METRICS)));
    const told = sampleOf(families, "virtgpu_moved_bytes_total", { reason: "upload" });
    assert.equal(told, uploaded, "metrics tell the same while nothing is drawn");
    assert.equal(sampleOf(families, "virtgpu_clients"), 1);
    assert.equal(sampleOf(families, "virtgpu_errors_total", { kind: "glErrors" }), 0);
  }),
);

test("two clients are told apart; one that goes stays in the sums", { skip }, () =>
  withServer(async (sandbox) => {
    const vertices = await startStreaming(sandbox, "stream-vertices");
    const program = await buildStreamingClient("stream-vertices");
    const done = await sandbox.run(program, [join(sandbox.workDir, "second"), "0.2"], {
      env: { LIBGL_ALWAYS_SOFTWARE: "1", GALLIUM_DRIVER: "virpipe" },
    });
    assert.equal(done.code, 0, done.stderr);
    const second = parseStreamed(done.stdout);
    let explanation = await explain(sandbox);
    for (let i = 0; i < 2400 && explanation.ended.clients === 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      explanation = await explain(sandbox);
    }
    assert.equal(explanation.ended.clients, 1);
    assert.deepEqual(
      explanation.processes.map(({ role }) => role),
      ["client 1"],
    );
    const bytes = STREAMED_BYTES["stream-vertices"];
    const living = explanation.processes[0]?.report?.movedBytes["upload"] ?? 0;
    const gone = explanation.ended.movedBytes["upload"] ?? 0;
    assert.ok(living >= vertices.frames * bytes && living < vertices.frames * bytes * 1.01 + 100_000, `${living}`);
    assert.ok(gone >= second.frames * bytes && gone < second.frames * bytes * 1.01 + 100_000, `${gone}`);
    const families = parseMetrics(await fetchMetrics(sandbox.outsidePath(METRICS)));
    assert.equal(sampleOf(families, "virtgpu_moved_bytes_total", { reason: "upload" }), living + gone);
  }),
);

test("where the driver takes guest memory, the same texture moves 0 bytes and is kept once", { skip }, async () => {
  const mesa25 = await driverEnvironment("mesa25");
  await withServer(async (sandbox) => {
    const { frames } = await startStreaming(sandbox, "stream-texture");
    const report = (await explain(sandbox)).processes[0]?.report;
    const streamed = report?.resources.listed.find(({ width, height }) => width === 1280 && height === 720);
    assert.ok(streamed !== undefined && frames > 2);
    assert.deepEqual(streamed.movedBytes, {});
    assert.equal(streamed.path.zeroCopy, true);
    assert.equal(streamed.hostBytes, 0);
    assert.equal(streamed.backingBytes, STREAMED_BYTES["stream-texture"]);
    const families = parseMetrics(await fetchMetrics(sandbox.outsidePath(METRICS)));
    assert.ok((sampleOf(families, "virtgpu_resources", { path: streamed.path.path }) ?? 0) >= 1);
    const uploaded = sampleOf(families, "virtgpu_moved_bytes_total", { reason: "upload" }) ?? 0;
    assert.ok(uploaded < frames * 1000 + 100_000, `${uploaded} bytes for vertices`);
  }, mesa25);
});

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { LATENCY_BOUNDS_MS, LatencyHistogram } from "@virtgpu/core/base";
import { Backing, COPY_REASON_NAMES, CopyLedger, CopyReason, type SegmentId } from "@virtgpu/core/memory";
import { Software2dRenderer } from "@virtgpu/core/renderer";
import { NoneDisplay } from "../display/none-display.js";
import { makeReport } from "./device-report.js";
import { NO_ENDED_CLIENTS, type Explanation } from "./explanation.js";
import { createLogger } from "./log.js";
import { MetricsServer, parseMetricsAddress } from "./metrics-server.js";
import { parseMetrics, sampleOf } from "../testing/metrics-text.js";
import { prometheusText } from "./prometheus.js";

const silent = createLogger({ level: "silent", json: true });

function explanation(): Explanation {
  const ledger = new CopyLedger();
  const renderer = new Software2dRenderer(ledger);
  const shape = { target: 2, format: 1, bind: 0, depth: 1, arraySize: 1, lastLevel: 0, samples: 0, flags: 0 };
  renderer.createResource3d(3, { ...shape, width: 16, height: 8 });
  const segment = { id: 1 as SegmentId, bytes: new Uint8Array(512) };
  renderer.attachBacking(3, new Backing([{ segment, offsetBytes: 0, lengthBytes: 512 }]));
  const box = { level: 0, x: 0, y: 0, z: 0, width: 16, height: 8, depth: 1 };
  renderer.transferToHost3d(0, 3, { ...box, offsetBytes: 0, strideBytes: 64, layerStrideBytes: 0 });
  ledger.count(CopyReason.COMMAND_STREAM, 40);
  ledger.frameShown();
  const fences = new LatencyHistogram();
  const display = new NoneDisplay({ heads: 1, mode: { width: 16, height: 8, refresh: 60 } });
  display.counters.merged = 5;
  for (const ms of [0.3, 0.3, 7, 99_999]) fences.observe(ms);
  const sources = {
    name: 'a"b\\c\nd',
    renderer: "",
    glVersion: "",
    guestMemoryBytes: 4096,
    ledger,
    fences,
    displays: [display],
  };
  const report = makeReport({ ...sources, introspection: renderer, errors: { guestErrors: 2 }, activity: {} }, 10);
  return {
    version: 1,
    device: "test",
    kind: "vhost-user",
    pid: process.pid,
    uptimeMs: 1500,
    renderer: 'GPU "quoted" \\ one',
    socket: "/nowhere",
    ended: { ...NO_ENDED_CLIENTS, clients: 1, frames: 10, movedBytes: { upload: 1000 }, copies: { upload: 4 } },
    processes: [{ role: "device", pid: process.pid, clientPid: 0, memory: null, report, isOld: false }],
  };
}

test("metrics are in the format, with every reason, sums over the clients that have gone, and a whole histogram", async () => {
  const text = await prometheusText(explanation(), "1.2.3");
  const families = parseMetrics(text);
  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined =>
    sampleOf(families, name, labels);
  assert.equal(value("virtgpu_moved_bytes_total", { reason: "upload" }), 1512);
  assert.equal(value("virtgpu_moved_bytes_total", { reason: "readback" }), 0);
  assert.equal(value("virtgpu_moved_bytes_total", { reason: "command stream" }), 40);
  assert.equal(value("virtgpu_copies_total", { reason: "upload" }), 5);
  assert.equal(value("virtgpu_last_frame_moved_bytes", { reason: "upload" }), 512);
  assert.equal(value("virtgpu_frames_total"), 11);
  assert.equal(value("virtgpu_resources", { path: "copied" }), 1);
  assert.equal(value("virtgpu_resource_host_bytes"), 512);
  assert.equal(value("virtgpu_guest_memory_bytes"), 4096);
  assert.equal(value("virtgpu_errors_total", { kind: "guestErrors" }), 2);
  const info = { device: "test", kind: "vhost-user", version: "1.2.3", renderer: 'GPU "quoted" \\ one' };
  assert.equal(value("virtgpu_info", info), 1);
  assert.ok((families.get("virtgpu_moved_bytes_total")?.samples.length ?? 0) === COPY_REASON_NAMES.length);
  assert.equal(value("virtgpu_display_events_total", { display: "none", kind: "merged" }), 5);
  const fences = families.get("virtgpu_fence_latency_seconds");
  assert.equal(fences?.type, "histogram");
  assert.equal(fences?.samples.length, LATENCY_BOUNDS_MS.length + 3);
  assert.equal(value("virtgpu_fence_latency_seconds_bucket", { le: "0.00025" }), 0);
  assert.equal(value("virtgpu_fence_latency_seconds_bucket", { le: "0.0005" }), 2);
  assert.equal(value("virtgpu_fence_latency_seconds_bucket", { le: "10" }), 3);
  assert.equal(value("virtgpu_fence_latency_seconds_bucket", { le: "+Inf" }), 4);
  assert.equal(value("virtgpu_fence_latency_seconds_count"), 4);
});

test("the parser of the test refuses what Prometheus would", () => {
  for (const wrong of [
    "metric 1",
    "# TYPE m counter\nm 1\n",
    '# HELP m x\n# TYPE m counter\nm{a="b} 1\n',
    '# HELP m x\n# TYPE m gauge\nm{a="b"} 1\nm{a="b"} 2\n',
    "# HELP m x\n# TYPE m gauge\nm one\n",
    "# HELP m x\n# TYPE m wrong\nm 1\n",
    '# HELP m x\n# TYPE m histogram\nm_bucket{le="1"} 2\nm_bucket{le="+Inf"} 1\nm_sum 1\nm_count 1\n',
    "# HELP m x\n# TYPE m gauge\nother 1\n",
  ]) {
    assert.throws(() => parseMetrics(wrong), SyntaxError, wrong);
  }
});

test("addresses: a port, an address with port, a socket; nothing else", () => {
  assert.deepEqual(parseMetricsAddress("9100"), { host: "127.0.0.1", port: 9100 });
  assert.deepEqual(parseMetricsAddress("0.0.0.0:9100"), { host: "0.0.0.0", port: 9100 });
  assert.deepEqual(parseMetricsAddress("[::1]:9100"), { host: "::1", port: 9100 });
  assert.deepEqual(parseMetricsAddress("/run/metrics.sock"), { path: "/run/metrics.sock" });
  for (const wrong of ["", "x", "70000", "a:b", "1:2:3", ":1", "metrics.sock"]) {
    assert.equal(parseMetricsAddress(wrong), null, wrong);
  }
});

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

function get(url: string, options: { readonly socketPath?: string; readonly method?: string } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const ask = request(url, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve({ status: response.statusCode, type: response.headers["content-type"], text }));
    });
    ask.on("error", reject).end();
  });
}

test("metrics are served over HTTP on the loopback interface, and nothing else is", async () => {
  const server = await MetricsServer.start(
    { host: "127.0.0.1", port: 0 },
    () => prometheusText(explanation(), "1"),
    silent,
  );
  try {
    assert.match(server.address, /^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const { status, type, text } = await get(server.address);
    assert.equal(status, 200);
    assert.match(type ?? "", /^text\/plain; version=0\.0\.4/);
    assert.ok(parseMetrics(text).size > 10);
    assert.equal((await get(server.address.replace("metrics", "etc/passwd"))).status, 404);
    assert.equal((await get(server.address, { method: "POST" })).status, 405);
  } finally {
    server.close();
  }
});

test("many who ask at once disturb the device once", async () => {
  let collected = 0;
  const render = async (): Promise<string> => `round ${++collected}`;
  const server = await MetricsServer.start({ host: "127.0.0.1", port: 0 }, render, silent);
  try {
    const { port } = new URL(server.address);
    const answers = await new Promise<string>((resolve, reject) => {
      let text = "";
      // One segment: all three are there before the first is answered.
      const socket = connect(Number(port), "127.0.0.1", () =>
        socket.write("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n".repeat(3)),
      );
      socket.on("error", reject).on("data", (chunk) => {
        text += chunk.toString();
        if (text.split("round").length > 3) resolve(text);
      });
    });
    assert.deepEqual(answers.match(/round \d/g), ["round 1", "round 1", "round 1"]);
    assert.equal((await get(server.address)).text, "round 2");
  } finally {
    server.close();
  }
});

test("metrics are served on a Unix socket of our user's; errors are answers", async () => {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-metrics-"));
  const socketPath = join(folder, "metrics.sock");
  let fails = false;
  const render = async (): Promise<string> => {
    if (fails) throw new Error("the device is busy");
    return prometheusText(explanation(), "1");
  };
  const server = await MetricsServer.start({ path: socketPath }, render, silent);
  try {
    assert.equal(statSync(socketPath).mode & 0o777, 0o600);
    const { status, text } = await get("http://metrics/metrics", { socketPath });
    assert.equal(status, 200);
    assert.ok(parseMetrics(text).size > 10);
    fails = true;
    assert.equal((await get("http://metrics/metrics", { socketPath })).status, 500);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

/** What `explain` says on a host that takes only strides of whole 64 bytes: the number that was wrong, and what to do. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd } from "virtgpu/testing";
import { pickyEnvironment, type PickyRules } from "./picky-host.js";
import { runOnPickyHost } from "./run-cli.js";

const BACK_END = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
const CLI = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/main.js", import.meta.url));
const RULES: PickyRules = { stride: 64 };

/** Creates a screen of the guest's and shows one frame of it. */
function show(frontEnd: GpuFrontEnd, id: number, width: number, height: number): void {
  const ok = (type: number, words: readonly number[]): void =>
    assert.equal(frontEnd.request(type, words).getUint32(0, true), g.VIRTIO_GPU_RESP_OK_NODATA, frontEnd.log);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, width, height]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, FREE + (id << 20), 0, width * height * 4, 0]);
  ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, width, height, 0, id]);
  ok(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, width, height, 0, 0, id, 0]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, width, height, id, 0]);
}

test("explain names the stride that was refused, its multiple, and the cure; what fits moves nothing", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "picky-explain-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const cache = { XDG_CACHE_HOME: folder };
  const probed = await runOnPickyHost(RULES, ["probe"], cache);
  assert.equal(probed.status, 0, probed.stderr);
  const control = join(folder, "control.sock");
  const frontEnd = GpuFrontEnd.start({
    command: process.execPath,
    args: (fd) => [BACK_END, `--fd=${fd}`, "--virgl", `--control=${control}`],
    env: { ...(await pickyEnvironment(RULES)), ...cache },
  });
  t.after(() => frontEnd.close());
  show(frontEnd, 1, 1366, 64);
  show(frontEnd, 2, 1360, 64);
  const text = execFileSync(process.execPath, [CLI, "explain", `--control=${control}`], { encoding: "utf8" });
  assert.match(text, /memfd: stride 5464 is not a multiple of 64; cure: use width 1376, or --modes=aligned$/m);
  assert.match(text, /^ +1 .* 1366x64 .* destride .* host convert 342 KiB/m);
  assert.match(text, /^ +2 .* 1360x64 +0 B .* memfd \(0 copies\).* nothing$/m);
});

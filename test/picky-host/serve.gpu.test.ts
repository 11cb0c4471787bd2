/**
 * The whole device on picky hosts, driven by a virtio-gpu driver without a VM: screens 1366 and 1080 pixels wide are right, pixel for pixel,
 * and modes that are offered are such as the host takes in place.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd } from "virtgpu/testing";
import { pickyEnvironment, type PickyRules } from "./picky-host.js";
import { runOnPickyHost } from "./run-cli.js";

const BACK_END = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
const CLI = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/main.js", import.meta.url));
const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const B8G8R8X8 = 2;

interface Board {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A host with these rules, on which `virtgpu probe` has run. */
async function board(t: TestContext, rules: PickyRules): Promise<Board> {
  const folder = mkdtempSync(join(tmpdir(), "picky-serve-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const env = { ...(await pickyEnvironment(rules)), XDG_CACHE_HOME: folder };
  const probed = await runOnPickyHost(rules, ["probe"], { XDG_CACHE_HOME: folder });
  assert.ok(probed.status === 0 || rules.bounce === true, probed.stderr);
  return { folder, env };
}

function start(t: TestContext, { env }: Board, flags: readonly string[]): GpuFrontEnd {
  const args = (fd: number): string[] => [BACK_END, `--fd=${fd}`, "--virgl", ...flags];
  const frontEnd = GpuFrontEnd.start({ command: process.execPath, args, env });
  t.after(() => frontEnd.close());
  return frontEnd;
}

/** Two frames of a screen drawn by the guest's processor, each looked at in the PNG file that the display writes. */
function showsFrames(frontEnd: GpuFrontEnd, folder: string, id: number, width: number, height: number): void {
  const ok = (type: number, words: readonly number[]): void =>
    assert.equal(frontEnd.request(type, words).getUint32(0, true), g.VIRTIO_GPU_RESP_OK_NODATA, frontEnd.log);
  const sizeBytes = width * height * 4;
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, B8G8R8X8, width, height]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, FREE, 0, sizeBytes, 0]);
  ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, width, height, 0, id]);
  const view = frontEnd.view(FREE, sizeBytes);
  for (let frame = 0; frame < 2; frame++) {
    // Every pixel has its own colour; slow changes, which PNG packs quickly.
    const colourAt = (i: number): number => (i * 3 + frame * 101) & 0xff_ffff;
    for (let i = 0; i < width * height; i++) view.setUint32(4 * i, colourAt(i), true);
    ok(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, width, height, 0, 0, id, 0]);
    ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, width, height, id, 0]);
    const newest = readdirSync(folder).toSorted().at(-1)!;
    const png = PNG.sync.read(readFileSync(join(folder, newest)));
    assert.deepEqual([png.width, png.height], [width, height]);
    for (let i = 0; i < width * height; i++) {
      const shown = (png.data[4 * i]! << 16) | (png.data[4 * i + 1]! << 8) | png.data[4 * i + 2]!;
      if (shown !== colourAt(i)) assert.fail(`frame ${frame}, pixel ${i % width},${Math.floor(i / width)}`);
    }
  }
}

/** The paths of all resources, as `virtgpu explain` tells. */
function pathsOf(control: string): readonly string[] {
  const text = execFileSync(process.execPath, [CLI, "explain", `--control=${control}`, "--json"], { encoding: "utf8" });
  const { processes } = JSON.parse(text) as Explanation;
  return processes[0]!.report!.resources.listed.map((resource) => resource.path.path);
}

interface Explanation {
  readonly processes: readonly {
    readonly report: {
      readonly resources: { readonly listed: readonly { readonly path: { readonly path: string } }[] };
    } | null;
  }[];
}

type Sizes = readonly (readonly [width: number, height: number])[];
const WHOLE: Sizes = [
  [1366, 768],
  [1080, 1920],
];
/** Where it is about other things: as wide. */
const LOW: Sizes = [
  [1366, 64],
  [1080, 100],
];

const BOARDS: readonly (readonly [name: string, rules: PickyRules, path: string, sizes: Sizes])[] = [
  ["strides in multiples of 64", { stride: 64 }, "destride", WHOLE],
  [
    "strides in multiples of 320, offsets of 4096, EGL_BAD_ALLOC",
    { stride: 320, offset: 4096, error: "alloc" },
    "destride",
    LOW,
  ],
  ["a DRM device in the way, strides in multiples of 256", { drmFirst: true, stride: 256 }, "destride", LOW],
  ["imports that are bounced", { bounce: true }, "upload", LOW],
];

for (const [name, rules, path, sizes] of BOARDS) {
  test(`${name}: 1366 and 1080 wide`, async (t) => {
    const host = await board(t, rules);
    const frames = mkdtempSync(join(host.folder, "frames-"));
    const control = join(host.folder, "control.sock");
    const frontEnd = start(t, host, [`--display=png:${frames}`, `--control=${control}`, "--modes=all"]);
    sizes.forEach(([width, height], i) => showsFrames(frontEnd, frames, i + 1, width, height));
    assert.deepEqual(pathsOf(control), [path, path]);
    assert.doesNotMatch(frontEnd.log, /\b(error|warn)\b/);
  });
}

test("--modes=aligned offers what the host takes in place: such a screen is imported as it lies", async (t) => {
  const host = await board(t, { stride: 96 });
  const frames = mkdtempSync(join(host.folder, "frames-"));
  const control = join(host.folder, "aligned.sock");
  const frontEnd = start(t, host, [`--display=png:${frames}`, "--mode=1366x768", `--control=${control}`]);
  const info = frontEnd.request(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  const [width, height] = [8, 12].map((at) => info.getUint32(HEADER + at, true)) as [number, number];
  assert.deepEqual([(width * 4) % 96, height], [0, 768]);
  assert.ok(width > 1320 && width <= 1366, `${width}`);
  showsFrames(frontEnd, frames, 1, width, height);
  assert.deepEqual(pathsOf(control), ["memfd"]);
});

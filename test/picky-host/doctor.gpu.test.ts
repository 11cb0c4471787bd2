/** On each picky host `virtgpu doctor` names cause and cure, and its exit status says whether zero copy is possible. */
import assert from "node:assert/strict";
import { basename } from "node:path";
import { test } from "node:test";
import type { DoctorReport, Finding } from "virtgpu";
import { Weston } from "../wayland/weston.js";
import type { PickyRules } from "./picky-host.js";
import { withRenderNode } from "./render-node.js";
import { runOnPickyHost } from "./run-cli.js";

const ZERO_COPY = 0;
const HOST_CANNOT = 3;
const NO_ZERO_COPY = 4;

async function examine(
  rules: PickyRules,
  status: number,
  env: Readonly<Record<string, string>> = {},
  before: readonly string[] = [],
): Promise<(name: string) => Finding> {
  const result = await runOnPickyHost(rules, ["doctor", "--json"], env, before);
  assert.equal(result.status, status, result.stderr || result.stdout);
  const report = JSON.parse(result.stdout) as DoctorReport;
  assert.equal(report.ok, status !== HOST_CANNOT);
  assert.equal(report.zeroCopy, status === ZERO_COPY);
  for (const finding of report.findings)
    assert.ok(finding.ok || (finding.cure !== undefined && finding.cure !== ""), `${finding.name} without a cure`);
  return (name) => {
    const found = report.findings.find((finding) => finding.name === name);
    assert.ok(found !== undefined, `${name} is not told: ${report.findings.map((finding) => finding.name).join(", ")}`);
    return found;
  };
}

function isBad(finding: Finding, cause: RegExp, cure: RegExp): void {
  assert.equal(finding.ok, false, JSON.stringify(finding));
  assert.match(finding.detail, cause);
  assert.match(finding.cure!, cure);
}

test("a host that takes everything", async () => {
  const of = await examine({}, ZERO_COPY);
  for (const name of ["import of guest memory", "bounce buffering", "stride", "offset", "formats", "size"])
    assert.ok(of(name).ok, name);
  assert.ok(of("path memfd").ok && of("path destride").ok && of("path pinned").ok);
  // No render node, no udmabuf, no session: told with the cure, where it is so.
  for (const [name, cure] of [
    ["render nodes", /kernel driver|group render/],
    ["udmabuf", /modprobe udmabuf|CONFIG_UDMABUF|group|udmabuf\.list_limit/],
    ["GLES by wayland", /WAYLAND_DISPLAY|compositor/],
    ["GLES by gbm", /render node|libgbm/],
  ] as const) {
    const finding = of(name);
    if (!finding.ok) assert.match(finding.cure!, cure, name);
  }
});

test("EGL_BAD_ACCESS and EGL_BAD_ALLOC on import: which strides, which offsets, what to do", async () => {
  const stride = await examine({ stride: 96, offset: 4096 }, ZERO_COPY);
  isBad(stride("stride"), /^multiples of 96 bytes \(others: EGL_BAD_ACCESS\)$/, /virtgpu probe.*--modes=aligned/);
  isBad(stride("offset"), /^multiples of 4096 bytes \(others: EGL_BAD_ACCESS\)$/, /nearest offset/);
  const texels = await examine({ strideTexels: 64, error: "alloc" }, ZERO_COPY);
  isBad(texels("stride"), /256 bytes for 4-byte texels.*EGL_BAD_ALLOC/, /--modes=aligned/);
});

test("formats and sizes", async () => {
  const of = await examine({ formats: ["AR24", "R8"], size: [2000, 1500] }, ZERO_COPY);
  isBad(of("formats"), /^AR24 R8; not XR24 AB24 RG16$/, /read through another format/);
  isBad(of("size"), /2000×1500/, /smaller modes/);
});

test("imports refused altogether", async () => {
  const of = await examine({ formats: ["NONE"] }, NO_ZERO_COPY);
  isBad(of("import of guest memory"), /every import is refused: EGL_BAD_ACCESS/, /docs\/32-bit-dma\.md/);
  assert.equal(of("path memfd").ok, false);
});

test("a driver without the extension", async () => {
  const of = await examine({ hide: ["EGL_EXT_image_dma_buf_import"] }, NO_ZERO_COPY);
  isBad(of("import of guest memory"), /no EGL_EXT_image_dma_buf_import/, /Mesa 25/);
});

test("bounce buffering", async () => {
  const of = await examine({ bounce: true }, NO_ZERO_COPY);
  isBad(of("bounce buffering"), /copy of its own/, /4 GiB.*docs\/32-bit-dma\.md/);
  isBad(of("import of guest memory"), /bounced/, /bounce buffering/);
});

test("the wrong display: surfaceless takes a DRM device", async () => {
  const of = await examine({ drmFirst: true }, ZERO_COPY);
  isBad(of("EGL display"), /surfaceless takes the device \/dev\/dri\/card0.*EGL_BAD_ALLOC/, /device \(software\)/);
});

test("eglInitialize fails on some platforms: the one that works is named", async () => {
  const surfaceless = await examine({ initialize: ["surfaceless", "gbm", "wayland"] }, ZERO_COPY);
  isBad(
    surfaceless("GLES by surfaceless"),
    /eglInitialize failed \(EGL error 0x3001\)/,
    /use --egl-platform=device, which works here/,
  );
  const device = await examine({ initialize: ["device"], initializeError: 0x3000 }, ZERO_COPY);
  isBad(device("GLES by device"), /eglInitialize failed$/, /use --egl-platform=surfaceless, which works here/);
});

test("eglInitialize fails on every platform", async () => {
  const of = await examine({ initialize: ["surfaceless", "device", "gbm", "wayland"] }, HOST_CANNOT);
  isBad(of("GLES by surfaceless"), /eglInitialize failed/, /libgl1-mesa-dri.*permissions/);
  isBad(of("GLES by device"), /eglInitialize failed/, /permissions/);
  isBad(of("import of guest memory"), /no GL driver/, /EGL platforms/);
});

test("eglInitialize fails inside a Wayland session, where it would work", async (t) => {
  const weston = await Weston.start({ renderer: "pixman" });
  t.after(() => weston.stop());
  const session = { XDG_RUNTIME_DIR: weston.folder, WAYLAND_DISPLAY: basename(weston.socket) };
  const works = await examine({}, ZERO_COPY, session);
  assert.ok(works("GLES by wayland").ok, works("GLES by wayland").detail);
  const fails = await examine({ initialize: ["wayland"] }, ZERO_COPY, session);
  isBad(
    fails("GLES by wayland"),
    /eglInitialize failed \(EGL error 0x3001\)/,
    /use --egl-platform=surfaceless, which works here; else: the compositor/,
  );
});

test("eglInitialize fails on the GBM device, where it would work", async () => {
  const works = await examine({}, ZERO_COPY, {}, withRenderNode());
  assert.ok(works("GLES by gbm").ok, works("GLES by gbm").detail);
  const fails = await examine({ initialize: ["gbm"] }, ZERO_COPY, {}, withRenderNode());
  isBad(
    fails("GLES by gbm"),
    /eglInitialize failed \(EGL error 0x3001\)/,
    /use --egl-platform=surfaceless, which works here; else: .*libgbm.*permissions of \/dev\/dri/,
  );
});

test("a GLES-only host", async () => {
  const of = await examine({ glesOnly: true }, ZERO_COPY);
  isBad(of("desktop GL"), /GLES-only/, /leave --host-gl out/);
  isBad(of("path pinned"), /closed/, /pinned_memory/);
});

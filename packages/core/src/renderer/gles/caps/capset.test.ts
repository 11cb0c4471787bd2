import assert from "node:assert/strict";
import { test } from "node:test";
import { RECORDING_LIMITS, RecordingGl } from "../../../testing/index.js";
import * as v from "../../../virgl/index.js";
import { FormatSupport } from "../format/index.js";
import { buildCapsets } from "./capset.js";

const base = new RecordingGl().caps;

function capsOf(change: object = {}, commands: v.CommandSet = v.defaultCommandSet): v.CapsReader {
  const caps = { ...base, ...change };
  const capsets = buildCapsets(caps, new FormatSupport(caps), commands);
  const second = capsets.find((capset) => capset.id === v.VIRGL_CAPSET_VIRGL2);
  assert.ok(second !== undefined);
  return new v.CapsReader(second.bytes);
}

test("what Mesa asks of an OpenGL ES 3.0 host is offered", () => {
  const caps = capsOf();
  assert.equal(caps.get("glsl_level"), 130);
  assert.ok(caps.get("max_uniform_blocks") >= 13);
  assert.ok(caps.get("max_uniform_block_size") >= 16384);
  assert.ok(caps.get("max_streamout_buffers") >= 4);
  assert.ok(caps.get("max_samples") >= 4);
  assert.ok(caps.hasBset("primitive_restart"));
  const { VirglFormat } = v;
  for (const format of [VirglFormat.R32G32B32A32_FLOAT, VirglFormat.R11G11B10_FLOAT, VirglFormat.R16_FLOAT]) {
    assert.ok(caps.hasFormat("render", format), v.virglFormatName(format));
  }
  for (const format of [
    VirglFormat.Z32_FLOAT,
    VirglFormat.R9G9B9E5_FLOAT,
    VirglFormat.R8G8B8A8_SNORM,
    VirglFormat.R8G8B8A8_SRGB,
  ]) {
    assert.ok(caps.hasFormat("sampler", format), v.virglFormatName(format));
  }
});

test("a host with 12 uniform blocks of 16 KiB still gives guests 13, and leaves room for the renderer's own values", () => {
  const limits = { ...RECORDING_LIMITS, vertexUniformBlocks: 12, fragmentUniformBlocks: 12, uniformBlockBytes: 16384 };
  const caps = capsOf({ limits });
  assert.equal(caps.get("max_uniform_blocks"), 13);
  assert.equal(caps.get("max_uniform_block_size"), 16384);
  assert.equal(caps.get("max_const_buffer_size", 0), 16384 - 256);
});

for (const [command, isGone] of [
  ["TRANSFER3D", (caps) => !caps.hasCapability("TRANSFER")],
  ["COPY_TRANSFER3D", (caps) => !caps.hasCapability("COPY_TRANSFER")],
  ["BEGIN_QUERY", (caps) => !caps.hasBset("occlusion_query") && !caps.hasBset("timer_query")],
  [
    "SET_STREAMOUT_TARGETS",
    (caps) => caps.get("max_streamout_buffers") === 0 && !caps.hasBset("streamout_pause_resume"),
  ],
  ["SET_UNIFORM_BUFFER", (caps) => caps.get("max_uniform_blocks") === 0],
  ["CLEAR_SURFACE", (caps) => caps.get("host_feature_check_version") === 20],
] as readonly (readonly [string, (caps: v.CapsReader) => boolean])[]) {
  test(`without ${command} in the table, what needs it is not offered`, () => {
    assert.equal(isGone(capsOf()), false, "nothing to take away");
    assert.equal(isGone(capsOf({}, v.defaultCommandSet.without([command]))), true);
  });
}

test("what the renderer does not do is not offered, whatever the host could", () => {
  const caps = capsOf();
  for (const name of ["conditional_render", "has_tessellation_shaders", "has_indirect_draw", "has_fp64"] as const) {
    assert.equal(caps.hasBset(name), false, name);
  }
  for (const name of ["COMPUTE_SHADER", "QBO", "ARB_BUFFER_STORAGE", "TEXTURE_BARRIER"] as const) {
    assert.equal(caps.hasCapability(name), false, name);
  }
  assert.equal(caps.hasCapabilityV2("COPY_TRANSFER_BOTH_DIRECTIONS"), false);
});

test("features that the host lacks take their formats and bits along", () => {
  const features = { ...base.features, textureNorm16: false, timerQuery: false, textureCompressionS3tc: false };
  const caps = capsOf({ features });
  assert.equal(caps.hasFormat("sampler", v.VirglFormat.R16_UNORM), false);
  assert.equal(caps.hasFormat("sampler", v.VirglFormat.DXT1_RGB), false);
  assert.equal(caps.hasBset("timer_query"), false);
  assert.equal(caps.hasFormat("sampler", v.VirglFormat.R8_UNORM), true);
});

test("the software driver's name is in capitals, others are left alone", () => {
  assert.equal(capsOf({ renderer: "llvmpipe (LLVM 15)" }).renderer, "LLVMPIPE (LLVM 15)");
  assert.equal(capsOf({ renderer: "PowerVR Rogue GX6650" }).renderer, "PowerVR Rogue GX6650");
});

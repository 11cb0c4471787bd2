/**
 * Shaders that sample in every way, through every sampler state, from textures of every kind: the driver's compiler runs in our process, and a
 * guest must not be able to end it. (Mesa 22.3's llvmpipe dies of an explicit level through an anisotropic sampler: see `buildGlCaps`.)
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Random, StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const { VirglFormat } = v;
const SIDE = 8;
const ROUNDS = 150;
const TARGET_FORMAT = VirglFormat.R32G32B32A32_FLOAT;
const VERTICES = 900;
const FIRST_RESOURCE = 10;

interface Sampled {
  /** TGSI_TEXTURE_… without its prefix. */
  readonly tgsi: string;
  readonly target: number;
  readonly height: number;
  readonly depth: number;
  readonly arraySize: number;
}

const sampled = (tgsi: string, target: number, height = SIDE, depth = 1, arraySize = 1): Sampled => ({
  ...{ tgsi, target, height, depth, arraySize },
});
const SAMPLED: readonly Sampled[] = [
  sampled("1D", v.PIPE_TEXTURE_1D, 1),
  sampled("2D", v.PIPE_TEXTURE_2D),
  sampled("RECT", v.PIPE_TEXTURE_RECT),
  sampled("3D", v.PIPE_TEXTURE_3D, SIDE, SIDE),
  sampled("CUBE", v.PIPE_TEXTURE_CUBE, SIDE, 1, 6),
  sampled("1D_ARRAY", v.PIPE_TEXTURE_1D_ARRAY, 1, 1, 3),
  sampled("2D_ARRAY", v.PIPE_TEXTURE_2D_ARRAY, SIDE, 1, 3),
  sampled("SHADOW2D", v.PIPE_TEXTURE_2D),
  sampled("SHADOWCUBE", v.PIPE_TEXTURE_CUBE, SIDE, 1, 6),
  sampled("SHADOW2D_ARRAY", v.PIPE_TEXTURE_2D_ARRAY, SIDE, 1, 3),
];
const COLOURS = [
  ...[VirglFormat.R8G8B8A8_UNORM, VirglFormat.R16_FLOAT, VirglFormat.R32G32B32A32_FLOAT, VirglFormat.R8G8B8A8_SRGB],
  ...[VirglFormat.R9G9B9E5_FLOAT, VirglFormat.R8_SNORM],
];
const DEPTHS = [VirglFormat.Z24_UNORM_S8_UINT, VirglFormat.Z32_FLOAT, VirglFormat.Z16_UNORM];
const INTEGERS = [VirglFormat.R8G8B8A8_UINT, VirglFormat.R32_SINT];

/** Into TEMP[1], from the coordinates in TEMP[0]. */
function sample(opcode: string, { tgsi }: Sampled): string {
  if (opcode === "TXD") return ` TXD TEMP[1], TEMP[0], TEMP[2], TEMP[3], SAMP[0], ${tgsi}\n`;
  if (opcode === "TXF" || opcode === "TXQ")
    return ` F2I TEMP[0], TEMP[0]\n ${opcode} TEMP[1], TEMP[0], SAMP[0], ${tgsi}\n`;
  if (opcode === "TG4") return ` TG4 TEMP[1], TEMP[0], IMM[0].xxxx, SAMP[0], ${tgsi}\n`;
  return ` ${opcode} TEMP[1], TEMP[0], SAMP[0], ${tgsi}\n`;
}

const IN_VERTEX_SHADERS = ["TXL", "TXL", "TXD", "TXF", "TXQ", "TG4"];
const IN_FRAGMENT_SHADERS = [...IN_VERTEX_SHADERS, "TEX", "TXB", "TXB", "TXP"];

interface Case {
  readonly texture: Sampled;
  readonly format: number;
  readonly returns: "FLOAT" | "UINT" | "SINT";
  readonly opcode: string;
  readonly inVertexShader: boolean;
  /** First word of the sampler state. */
  readonly s0: number;
}

function randomCase(random: Random): Case {
  const texture = random.pick(SAMPLED);
  const isShadow = texture.tgsi.startsWith("SHADOW");
  const isInteger = !isShadow && random.oneIn(5);
  const format = random.pick(isShadow ? DEPTHS : isInteger ? INTEGERS : COLOURS);
  const inVertexShader = random.oneIn(2);
  const returns = !isInteger ? "FLOAT" : format === VirglFormat.R32_SINT ? "SINT" : "UINT";
  return {
    ...{ texture, format, returns, inVertexShader },
    opcode: random.pick(inVertexShader ? IN_VERTEX_SHADERS : IN_FRAGMENT_SHADERS),
    s0: samplerWord(random, isShadow),
  };
}

/** Wrap modes, filters, comparison and anisotropy. Source: virgl_protocol.h, VIRGL_OBJ_SAMPLE_STATE_S0_*. */
function samplerWord(random: Random, isShadow: boolean): number {
  const wraps = random.below(5) | (random.below(5) << 3) | (random.below(5) << 6);
  const minFilter = random.below(2) << 9;
  const mipFilter = random.below(3) << 11;
  const magFilter = random.below(2) << 13;
  const compare = isShadow ? (1 << 15) | (random.below(8) << 16) : 0;
  return wraps | minFilter | mipFilter | magFilter | compare | (random.pick([0, 1, 2, 16]) << 20);
}

function streamOf(
  { texture, format, returns, opcode, inVertexShader, s0 }: Case,
  sub: number,
  id: number,
): StreamBuilder {
  const declarations = `DCL SAMP[0]\nDCL SVIEW[0], ${texture.tgsi}, ${returns}\nDCL TEMP[0..3]\nIMM[0] UINT32 {0, 3, 1, 2}\n`;
  const code = (from: string): string =>
    ` MOV TEMP[0], ${from}\n MUL TEMP[2], ${from}, ${from}.yzwx\n ADD TEMP[3], ${from}, ${from}\n${sample(opcode, texture)}`;
  const vertex = inVertexShader
    ? `${declarations} MOV OUT[0], IN[0]\n${code("IN[1]")} MOV OUT[1], TEMP[1]\n`
    : " MOV OUT[0], IN[0]\n MOV OUT[1], IN[1]\n";
  const fragment = inVertexShader ? " MOV OUT[0], IN[0]\n" : `${declarations}${code("IN[0]")} MOV OUT[0], TEMP[1]\n`;
  const stage = inVertexShader ? v.PIPE_SHADER_VERTEX : v.PIPE_SHADER_FRAGMENT;
  return new StreamBuilder()
    .createPlainPipeline({
      ...{ subContext: sub, target: id + 1, format: TARGET_FORMAT, attributes: 2 },
      vertex: `VERT\nDCL IN[0]\nDCL IN[1]\nDCL OUT[0], POSITION\nDCL OUT[1], GENERIC[1]\n${vertex} END\n`,
      fragment: `FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL IN[0], GENERIC[1], PERSPECTIVE\nDCL OUT[0], COLOR\n${fragment} END\n`,
    })
    .createSamplerView(20, id, format, 0, texture.arraySize - 1)
    .setSamplerViews(stage, 0, [20])
    .createSamplerState(21, s0)
    .bindSamplerStates(stage, 0, [21])
    .setVertexBuffers([{ stride: 32, offset: 0, resource: VERTICES }])
    .setViewport(16, 16)
    .draw({ count: 3 })
    .setSubContext(0)
    .destroySubContext(sub);
}

test(`${ROUNDS} ways of sampling: the process lives, and its other context draws`, (t) => {
  const random = new Random(20261130);
  const fixture = new RenderFixture();
  try {
    const corners = [-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1];
    const vertices = Float32Array.from({ length: 48 }, (_, i) => corners[i % 12]!);
    fixture.buffer(VERTICES, v.VIRGL_BIND_VERTEX_BUFFER, vertices);
    let refused = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const each = randomCase(random);
      const id = FIRST_RESOURCE + 2 * round;
      const { target, height, depth, arraySize } = each.texture;
      const shape = { target, format: each.format, width: SIDE, height, depth, arraySize };
      if (fixture.texture(id, { ...shape, bind: v.VIRGL_BIND_SAMPLER_VIEW }) !== 0) {
        refused++;
        continue;
      }
      const image = { format: TARGET_FORMAT, width: 16, height: 16, bind: v.VIRGL_BIND_RENDER_TARGET };
      assert.equal(fixture.texture(id + 1, image), 0);
      const code = fixture.submit(streamOf(each, round + 5, id));
      if (code !== 0) {
        // Not offered: its context is dead, the next one goes on.
        refused++;
        fixture.renderer.destroyContext(1);
        fixture.context(1);
        fixture.renderer.attachResource(1, VERTICES);
      }
      fixture.settle();
      fixture.renderer.unrefResource(id);
      fixture.renderer.unrefResource(id + 1);
    }
    const { draws, skippedDraws, shaderErrors, glErrors } = fixture.renderer.counters;
    t.diagnostic(`${draws} drawn, ${skippedDraws} skipped, ${shaderErrors} shader errors, ${refused} refused`);
    assert.equal(glErrors, 0, fixture.log.join("\n"));
    assert.ok(draws > ROUNDS / 2, `${draws} of ${ROUNDS} were drawn\n${fixture.log.slice(0, 8).join("\n")}`);
  } finally {
    fixture[Symbol.dispose]();
  }
});

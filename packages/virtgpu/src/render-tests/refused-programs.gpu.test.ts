/** Programs that the host's compiler refuses: their draws are left out, their captures too, and nothing else notices. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { StreamBuilder, StreamOutputs } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";
import { createTarget, fill, fillPipeline, SIZE, uploadTriangle } from "./scene.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());
uploadTriangle(fixture);

const RGBA = v.VirglFormat.R8G8B8A8_UNORM;
const CAPTURED = 50;
/** As many varyings as there can be by themselves; captures need more. */
const VARYINGS = 31;
const each = (line: (n: number) => string): string => Array.from({ length: VARYINGS }, (_, n) => line(n)).join("");
const WIDE_VERTEX =
  `VERT\nDCL IN[0]\nDCL CONST[0..${VARYINGS}]\nDCL OUT[0], POSITION\n${each((n) => `DCL OUT[${n + 1}], GENERIC[${n}]\n`)}` +
  `  0: MOV OUT[0], IN[0]\n${each((n) => `  ${n + 1}: ADD OUT[${n + 1}], IN[0], CONST[${n}]\n`)}  ${VARYINGS + 1}: END\n`;
const WIDE_FRAGMENT =
  `FRAG\n${each((n) => `DCL IN[${n}], GENERIC[${n}], PERSPECTIVE\n`)}DCL OUT[0], COLOR\nDCL TEMP[0]\n` +
  `  0: MOV TEMP[0], IN[0]\n${each((n) => `  ${n + 1}: ADD TEMP[0], TEMP[0], IN[${n}]\n`)}` +
  `  ${VARYINGS + 1}: MOV OUT[0], TEMP[0]\n  ${VARYINGS + 2}: END\n`;

/** The position, then zeros up to `strideDwords`. */
const capturing = (strideDwords: number): StreamOutputs => ({ strides: [strideDwords, 0, 0, 0], outputs: [4 << 10] });

/** Draws with captures, then goes on without. @returns what the guest was told */
function drawCapturing(sub: number, target: number, strideDwords: number): number {
  createTarget(fixture, target, RGBA);
  const stream: StreamBuilder = fillPipeline(sub, target, RGBA).clear(v.PIPE_CLEAR_COLOR0, [0, 0, 1, 1]);
  stream.createShader(20, v.PIPE_SHADER_VERTEX, WIDE_VERTEX, undefined, capturing(strideDwords));
  stream.createShader(21, v.PIPE_SHADER_FRAGMENT, WIDE_FRAGMENT);
  stream.bindShader(20, v.PIPE_SHADER_VERTEX).bindShader(21, v.PIPE_SHADER_FRAGMENT);
  stream.createStreamoutTarget(22, CAPTURED, 0, 4096).command(v.VIRGL_CCMD_SET_STREAMOUT_TARGETS, [0, 22]);
  stream.draw({ count: 3 }).draw({ count: 3 }).command(v.VIRGL_CCMD_SET_STREAMOUT_TARGETS, [0]);
  return fixture.submit(stream);
}

test("a capturing program that does not link raises no error of the driver, and is counted even when it is gone by then", () => {
  const { counters } = fixture.renderer;
  const before = counters.shaderErrors;
  fixture.buffer(CAPTURED, v.VIRGL_BIND_STREAM_OUTPUT, new Uint8Array(4096));
  assert.equal(drawCapturing(2, 2, 64), 0, fixture.log.join("\n"));
  // The shaders go before the host has said that it refuses the program; the next program must not take the blame.
  const next = fillPipeline(3, 2, RGBA);
  next.destroySubContext(2);
  assert.equal(fixture.submit(fill(next, [1, 0, 0, 1])), 0, fixture.log.join("\n"));
  fixture.settle();
  assert.equal(counters.shaderErrors, before + 1, fixture.log.join("\n"));
  assert.equal(fixture.submit(fill(fillPipeline(4, 2, RGBA), [0, 1, 0, 1])), 0);
  fixture.settle();
  assert.equal(counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(texel(fixture.read(2, SIZE, SIZE), SIZE, 1, 1), [0, 255, 0, 255]);
});

test("records wider than the host captures are refused before the compiler sees them", () => {
  const { counters } = fixture.renderer;
  const { shaderErrors } = counters;
  const most = fixture.gl.caps.limits.transformFeedbackInterleavedComponents;
  assert.equal(drawCapturing(5, 3, most + 4), 0);
  fixture.settle();
  assert.equal(counters.shaderErrors, shaderErrors + 1);
  const told = new RegExp(`cannot be joined.*more than ${most} dwords does not fit the host`);
  assert.ok(
    fixture.log.some((line) => told.test(line)),
    `no line like ${String(told)}`,
  );
  assert.equal(counters.glErrors, 0, fixture.log.join("\n"));
});

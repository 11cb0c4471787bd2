import assert from "node:assert/strict";
import { after, test } from "node:test";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture, texel } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const { VirglFormat } = v;
const SIZE = 16;
const VERTEX =
  "VERT\nDCL IN[0]\nDCL IN[1]\nDCL OUT[0], POSITION\nDCL OUT[1], GENERIC[9]\n  0: MOV OUT[0], IN[0]\n  1: MOV OUT[1], IN[1]\n  2: END\n";
const FRAGMENT =
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL IN[0], GENERIC[9], PERSPECTIVE\nDCL OUT[0], COLOR\nDCL CONST[0]\n  0: MUL OUT[0], IN[0], CONST[0]\n  1: END\n";

/** Two vertices attributes, position and colour, for the lower left half of the target in GL's sense. */
const VERTICES = Float32Array.of(
  ...[-1, -1, 0, 1, 1, 0.4, 0, 1],
  ...[1, -1, 0, 1, 1, 0.4, 0, 1],
  ...[-1, 1, 0, 1, 1, 0.4, 0, 1],
);

function pipeline(target: number, format: number, isFlipped: boolean): StreamBuilder {
  return new StreamBuilder()
    .createPlainPipeline({ subContext: target, target, format, attributes: 2, vertex: VERTEX, fragment: FRAGMENT })
    .setViewport(SIZE, SIZE, isFlipped)
    .setConstants(v.PIPE_SHADER_FRAGMENT, [1, 1, 1, 1])
    .setVertexBuffers([{ stride: 32, offset: 0, resource: 900 }])
    .clear(v.PIPE_CLEAR_COLOR0, [0, 0, 1, 1])
    .draw({ count: 3 });
}

fixture.buffer(900, v.VIRGL_BIND_VERTEX_BUFFER, VERTICES);

for (const [name, format, inside, outside] of [
  ["RGBA", VirglFormat.R8G8B8A8_UNORM, [255, 102, 0, 255], [0, 0, 255, 255]],
  ["BGRA", VirglFormat.B8G8R8A8_UNORM, [0, 102, 255, 255], [255, 0, 0, 255]],
] as const) {
  for (const isFlipped of [false, true]) {
    test(`a triangle in ${name}, ${isFlipped ? "row 0 at the top" : "row 0 at the bottom"}`, () => {
      const target = format + (isFlipped ? 100 : 200);
      fixture.texture(target, { format, bind: v.VIRGL_BIND_RENDER_TARGET, width: SIZE, height: SIZE });
      assert.equal(fixture.submit(pipeline(target, format, isFlipped)), 0, fixture.log.join("\n"));
      const pixels = fixture.read(target, SIZE, SIZE);
      const near = isFlipped ? SIZE - 1 : 0;
      assert.deepEqual(texel(pixels, SIZE, 0, near), inside);
      assert.deepEqual(texel(pixels, SIZE, SIZE - 1, SIZE - 1 - near), outside);
      fixture.settle();
      assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
      assert.equal(fixture.renderer.counters.shaderErrors, 0, fixture.log.join("\n"));
    });
  }
}

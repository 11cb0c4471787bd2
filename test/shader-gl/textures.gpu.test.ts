/** Draws every texture opcode on every target in both stages and compares with the texels that were put there. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GL } from "@virtgpu/core/gl";
import { DEFAULT_PROGRAM_KEY, GLES_300, type GlslTarget, type ProgramKey } from "@virtgpu/core/shader";
import { linkTexts } from "./goldens.js";
import { makeTexture } from "./lab-textures.js";
import { Lab } from "./lab.js";
import { fragmentText, SET_COUNT, textureDeclarations, vertexText } from "./opcode-program.js";
import type { Words } from "./opcodes.js";
import { Picker, TEXTURE_CASES, type TextureCase } from "./texture-cases.js";

const lab = new Lab(SET_COUNT);
after(() => lab.close());

const KEY: ProgramKey = {
  ...DEFAULT_PROGRAM_KEY,
  colorCount: 2,
  colorTypes: 10,
  points: true,
  pointSizeFromState: true,
};

/** The lowest version that takes the case, and the highest with everything the host has. */
function targetsOf(texture: TextureCase): GlslTarget[] {
  const lowest: GlslTarget = { ...GLES_300, version: texture.version };
  return [lowest, { ...GLES_300, version: 320, extensions: new Set(lab.gl.caps.extensions) }];
}

function check(
  texture: TextureCase,
  stage: "vertex" | "fragment",
  made: readonly ReturnType<TextureCase["make"]>[],
  results: Uint32Array,
  text: string,
): void {
  made.forEach((point, index) => {
    const expected: Words = point[stage];
    const got = [...results.subarray(index * 4, index * 4 + 4)];
    const floats = new Float32Array(Uint32Array.from([...got, ...expected, ...point.operands]).buffer);
    const shown = [...floats].map((value) => String(value)).join(" ");
    assert.deepEqual(
      got,
      [...expected].map((word) => word >>> 0),
      `${texture.name} in the ${stage} shader, point ${index}: got, expected, operands as floats: ${shown}\n${text}`,
    );
  });
}

for (const texture of TEXTURE_CASES) {
  test(`${texture.name} finds its texel`, () => {
    const made = Array.from({ length: SET_COUNT }, (_, index) => texture.make(new Picker(index + 1)));
    const constants = Uint32Array.from(made.flatMap((point) => point.operands));
    const drawn = {
      name: texture.name,
      lines: texture.lines,
      declarations: textureDeclarations(texture.target, texture.kind),
    };
    const done = new Set<string>();
    for (const target of targetsOf(texture)) {
      const linked = linkTexts(vertexText(drawn), fragmentText(drawn), { ...KEY, ...texture.key }, target);
      assert.ok(linked.ok, linked.ok ? "" : linked.error.message);
      const body = (linked.vertex + linked.fragment).replaceAll(/#version \d+ es/g, "");
      if (done.has(body)) continue;
      done.add(body);
      const { program, log } = lab.link(linked);
      assert.equal(log, "", `${log}\n${linked.vertex}\n${linked.fragment}`);
      for (const sampler of linked.iface.samplers) {
        const { target: glTarget, name } = makeTexture(lab, texture.target, sampler.target, texture.kind);
        lab.encoder.activeTexture(GL.TEXTURE0 + sampler.unit);
        lab.encoder.bindTexture(glTarget, name);
      }
      lab.draw(program, linked.iface, constants);
      check(texture, "fragment", made, lab.read(0), linked.fragment);
      check(texture, "vertex", made, lab.read(1), linked.vertex);
      lab.delete(program);
    }
    assert.equal(lab.poll(), 0, "GL errors");
  });
}

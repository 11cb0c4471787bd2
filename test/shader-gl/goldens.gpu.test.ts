/** Every golden program compiles and links on the host's driver, for each GLSL version that translates it. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GLES_300, translateShader, linkProgram, parseTgsi, type GlslTarget } from "@virtgpu/core/shader";
import { goldenNames, readGolden, type Golden } from "./goldens.js";
import { Lab, type LinkedTexts } from "./lab.js";

const lab = new Lab(4);
after(() => lab.close());

const hostExtensions = new Set(lab.gl.caps.extensions);

/** The golden's own target if the host has its extensions, and the host's best. */
function targetsOf(golden: Golden): GlslTarget[] {
  const best: GlslTarget = { ...GLES_300, version: 320, extensions: hostExtensions, maxDrawBuffers: 8 };
  const isKnown = [...golden.target.extensions].every((name) => hostExtensions.has(name));
  return isKnown ? [golden.target, best] : [best];
}

function link(golden: Golden, target: GlslTarget): LinkedTexts | string {
  const { key } = golden;
  if (golden.vertex === null || golden.fragment === null) {
    const text = golden.vertex ?? golden.fragment ?? "";
    const result = translateShader(text, target, key);
    return result.ok ? { vertex: result.vertex, fragment: result.fragment, iface: result.iface } : result.error.message;
  }
  const vertex = parseTgsi(golden.vertex, "vertex");
  const fragment = parseTgsi(golden.fragment, "fragment");
  if (!vertex.ok || !fragment.ok) return "does not parse";
  const linked = linkProgram({ vertex: vertex.shader, fragment: fragment.shader }, key, target);
  return linked.ok ? linked : linked.error.message;
}

let compiled = 0;

for (const name of goldenNames()) {
  test(`${name} compiles`, () => {
    const golden = readGolden(name);
    for (const target of targetsOf(golden)) {
      const linked = link(golden, target);
      // Refusals are checked as text (goldens.test.ts).
      if (typeof linked === "string") continue;
      const { program, log } = lab.link(linked);
      assert.equal(log, "", `${target.version}: ${log}\n${linked.vertex}\n${linked.fragment}`);
      lab.delete(program);
      compiled++;
    }
  });
}

test("most goldens were compiled", () => {
  assert.ok(compiled > goldenNames().length, `${compiled} programs of ${goldenNames().length} goldens`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Register, RegisterKind } from "../../ir/register.js";
import { blockName, constantName, registerName } from "./naming.js";

/** Reserved words with a digit, GLSL ES 3.20 specification, "Keywords": only these could meet names that end in a number. */
const RESERVED = new Set(
  `vec2 vec3 vec4 ivec2 ivec3 ivec4 bvec2 bvec3 bvec4 uvec2 uvec3 uvec4 dvec2 dvec3 dvec4 hvec2 hvec3 hvec4 fvec2 fvec3 fvec4
   mat2 mat3 mat4 dmat2 dmat3 dmat4 image1D image2D sampler1D sampler2D`.split(/\s+/),
);

const KINDS: readonly RegisterKind[] = ["temporary", "address", "input", "output", "systemValue", "constant"];

test("no register or block is named by a reserved word, and no two share a name", () => {
  const names: string[] = [];
  for (let first = 0; first < 100; first++) {
    for (const kind of KINDS) {
      const register: Register = { id: 0, kind, first, length: 1, isArray: false, isPrecise: false };
      names.push(registerName(register, "vs_"));
    }
    names.push(blockName(first, "vertex"), blockName(first, "fragment"), constantName(first, "fs_"));
  }
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.ok(!RESERVED.has(name) && !name.startsWith("gl_") && !name.includes("__"), name);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { SHADER_LIMITS } from "../../limits.js";
import { bitsToFloat } from "./number-text.js";
import { parseSyntaxTree } from "./parser.js";
import type { SyntaxTree } from "./syntax-tree.js";

function parse(text: string): SyntaxTree {
  const result = parseSyntaxTree(text);
  assert.ok(result.ok, result.ok ? "" : `${result.error.line}:${result.error.column} ${result.error.message}`);
  return result.value;
}

function refusal(text: string): string {
  const result = parseSyntaxTree(text);
  assert.ok(!result.ok, "was accepted");
  return `${result.error.line}:${result.error.column} ${result.error.code}: ${result.error.message}`;
}

test("reads every kind of line of the dumper's text", () => {
  const tree = parse(`FRAG
PROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1
PROPERTY FS_COORD_ORIGIN LOWER_LEFT
DCL IN[0].xy, GENERIC[3], PERSPECTIVE, CENTROID
DCL OUT[0], COLOR
DCL CONST[2][0..7]
DCL TEMP[0..3], ARRAY(1), LOCAL
DCL SVIEW[1], 2D_ARRAY, UINT
IMM[0] FLT32 {0x3f800000, 0x00000000, 0x00000000, 0x00000000}
  0: MAD_SAT_PRECISE TEMP[ADDR[0].x+2](1).xz, -|CONST[2][ADDR[1].y+3].xyzw|, IMM[0].xxxx, IN[0]
  1: TEX TEMP[0], IN[0].xyyy, SAMP[1], 2D_ARRAY, IMM[0].xyz
  2: UIF TEMP[0].xxxx :4
  3: ENDIF
  4: END
`);
  assert.equal(tree.stage, "fragment");
  assert.deepEqual(tree.properties, [
    { name: "FS_COLOR0_WRITES_ALL_CBUFS", value: 1 },
    { name: "FS_COORD_ORIGIN", value: "LOWER_LEFT" },
  ]);
  const [input, , constants, array, view] = tree.declarations;
  assert.deepEqual(
    [input?.semantic, input?.semanticIndex, input?.mask, input?.interpolation, input?.location],
    ["GENERIC", 3, 3, "PERSPECTIVE", "CENTROID"],
  );
  assert.deepEqual([constants?.dimension, constants?.first, constants?.last], [2, 0, 7]);
  assert.deepEqual([array?.arrayId, array?.last], [1, 3]);
  assert.deepEqual([view?.target, view?.returnType], ["2D_ARRAY", "UINT"]);
  const [mad, tex, uif] = tree.instructions;
  assert.deepEqual([mad?.opcode, mad?.saturate, mad?.precise], ["MAD", true, true]);
  const destination = mad?.destinations[0];
  assert.deepEqual(
    [destination?.mask, destination?.arrayId, destination?.index],
    [5, 1, { register: { file: "ADDR", index: 0, component: 0 }, offset: 2 }],
  );
  const source = mad?.sources[0];
  assert.deepEqual(
    [source?.negate, source?.absolute, source?.dimension?.offset, source?.index.register?.component],
    [true, true, 2, 1],
  );
  assert.deepEqual([tex?.target, tex?.offsets[0]?.swizzle], ["2D_ARRAY", [0, 1, 2, 2]]);
  assert.deepEqual([uif?.opcode, uif?.line, uif?.column], ["UIF", 12, 6]);
});

test("reads immediates in every spelling", () => {
  const tree = parse(`VERT
IMM[0] FLT32 {    1.5000,    -0.2500, 1e-3, -inf}
IMM FLT32 {nan, 0x80000000, .5, 3}
IMM[2] INT32 {-1, 5, -2147483648, 0}
IMM[3] UINT32 {4294967295, 0}
`);
  assert.deepEqual(tree.immediates[0]?.words.slice(0, 2).map(bitsToFloat), [1.5, -0.25]);
  assert.deepEqual(tree.immediates[0]?.words.slice(2).map(bitsToFloat), [Math.fround(1e-3), -Infinity]);
  assert.deepEqual(tree.immediates[1]?.words, [0x7fc00000, 0x80000000, 0x3f000000, 0x40400000]);
  assert.deepEqual(tree.immediates[2]?.words, [0xffffffff, 5, 0x80000000, 0]);
  assert.deepEqual(tree.immediates[3]?.words, [0xffffffff, 0, 0, 0]);
});

test("says where a line goes wrong", () => {
  assert.equal(refusal("NOPE\n"), "1:1 syntax: expected VERT, FRAG, GEOM, TESS_CTRL, TESS_EVAL or COMP");
  assert.equal(refusal("VERT\nDCL\n"), '2:4 syntax: unknown register file ""');
  assert.equal(refusal("VERT\nDCL TEMP[3..1]\n"), "2:15 syntax: range 3..1 runs backwards");
  assert.equal(refusal("VERT\nDCL TEMP[70000]\n"), "2:10 syntax: expected a number up to 65535");
  assert.equal(refusal("VERT\nDCL OUT[0], GENERIC[300]\n"), "2:25 syntax: semantic index 300 is above 255");
  assert.equal(refusal("VERT\nIMM[1] FLT32 {0}\n"), "2:8 syntax: immediate 1 is out of order");
  assert.equal(refusal("VERT\nIMM[0] FLT32 {1, x}\n"), '2:18 syntax: bad FLT32 value "x"');
  assert.equal(refusal("VERT\nIMM[0] FLT32 {0, 0, 0, 0, 0}\n"), "2:27 syntax: an immediate has at most four values");
  assert.equal(refusal("VERT\n  0: MOV TEMP[0].yx, IN[0]\n"), '2:18 syntax: bad write mask "yx"');
  assert.equal(refusal("VERT\n  0: MOV TEMP[0], IN[0].xy\n"), '2:25 syntax: bad swizzle "xy"');
  assert.equal(refusal("FRAG\n  0: TEX TEMP[0], IN[0], SAMP[0], 4D\n"), '2:35 syntax: unknown texture target "4D"');
  assert.match(refusal("VERT\nDCL \u0001\n"), /^2:5 syntax: unknown register file/);
});

test("stays inside its limits", () => {
  assert.match(refusal(" ".repeat(SHADER_LIMITS.textLength + 1)), /limit: text of 1048577 characters/);
  assert.match(refusal(`VERT\nPROPERTY ${"A".repeat(100)} 1\n`), /expected a property name/);
  assert.match(
    refusal(`VERT\n${"IMM FLT32 {0}\n".repeat(SHADER_LIMITS.immediates + 1)}`),
    /limit: more than 4096 immediates/,
  );
  assert.match(
    refusal(`VERT\n${"NOP\n".repeat(SHADER_LIMITS.instructions + 1)}`),
    /limit: more than 32768 instructions/,
  );
  assert.match(
    refusal(`VERT\n${"DCL TEMP[0]\n".repeat(SHADER_LIMITS.declarations + 1)}`),
    /limit: more than 4096 declarations/,
  );
  assert.match(
    refusal(`VERT\n${"PROPERTY A 1\n".repeat(SHADER_LIMITS.properties + 1)}`),
    /limit: more than 64 properties/,
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEFAULT_PROGRAM_KEY,
  GLES_300,
  KeyFlag,
  KeyWord,
  PROGRAM_KEY_WORDS,
  decodeProgramKey,
  linkProgram,
  parseTgsi,
  relevantKeyMask,
  type ParsedShader,
  type ProgramKey,
  type ShaderStage,
} from "../index.js";

function parse(text: string, stage: ShaderStage): ParsedShader {
  const result = parseTgsi(text, stage);
  assert.ok(result.ok, result.ok ? "" : result.error.message);
  return result.shader;
}

const PLAIN_VERTEX =
  "VERT\nDCL IN[0]\nDCL OUT[0], POSITION\nDCL OUT[1], GENERIC[0]\nMOV OUT[0], IN[0]\nMOV OUT[1], IN[0]\nEND\n";

function link(
  fragment: string,
  key: Partial<ProgramKey> = {},
  vertex = PLAIN_VERTEX,
): { vertex: string; fragment: string } {
  const linked = linkProgram(
    { vertex: parse(vertex, "vertex"), fragment: parse(fragment, "fragment") },
    { ...DEFAULT_PROGRAM_KEY, ...key },
    GLES_300,
  );
  assert.ok(linked.ok, linked.ok ? "" : linked.error.message);
  return linked;
}

const FRAGMENT_HEAD =
  "FRAG\nDCL IN[0], GENERIC[0], PERSPECTIVE\nDCL OUT[0], COLOR\nDCL TEMP[0..3]\nDCL CONST[0..1]\nIMM[0] UINT32 {1, 2, 3, 4}\n";

test("a register used as floats alone is a vec4", () => {
  const { fragment } = link(`${FRAGMENT_HEAD}ADD TEMP[0], IN[0], IN[0]\nMOV OUT[0], TEMP[0]\nEND\n`);
  assert.match(fragment, /^ {2}vec4 t0;$/m);
});

test("integers never pass through a float register, however they get there", () => {
  const { fragment } = link(
    `${FRAGMENT_HEAD}ADD TEMP[0], IN[0], IN[0]\nUADD TEMP[1], IMM[0], IMM[0]\nMOV TEMP[2], TEMP[1]\nMOV TEMP[0].x, TEMP[2]\nU2F OUT[0], TEMP[0].xxxx\nEND\n`,
  );
  for (const name of ["t0", "t1", "t2"]) assert.match(fragment, new RegExp(`^  uvec4 ${name}`, "m"));
});

test("a constant buffer that is read as integers even once is declared as words", () => {
  assert.match(link(`${FRAGMENT_HEAD}MOV OUT[0], CONST[0]\nEND\n`).fragment, /^ {2}vec4 fs_c0\[2\];$/m);
  assert.match(
    link(`${FRAGMENT_HEAD}UADD TEMP[0], CONST[1], CONST[1]\nADD OUT[0], CONST[0], TEMP[0]\nEND\n`).fragment,
    /^ {2}uvec4 fs_c0\[2\];$/m,
  );
});

test("a register that may be read first starts as zeros, another does not", () => {
  const { fragment } = link(
    `${FRAGMENT_HEAD}MOV TEMP[0], IN[0]\nIF IN[0].xxxx\nMOV TEMP[1], IN[0]\nENDIF\nMOV TEMP[2].xy, IN[0]\nADD TEMP[3], TEMP[0], TEMP[2].xyxy\nADD OUT[0], TEMP[3], TEMP[1]\nEND\n`,
  );
  assert.match(fragment, /^ {2}vec4 t0;$/m);
  assert.match(fragment, /^ {2}vec4 t1 = vec4\(0\.0\);$/m);
  assert.match(fragment, /^ {2}vec4 t2;$/m);
});

test("an input nobody writes is a constant, an output nobody reads is gone", () => {
  const { vertex, fragment } = link(
    "FRAG\nDCL IN[0], GENERIC[5], PERSPECTIVE\nDCL OUT[0], COLOR\nMOV OUT[0], IN[0]\nEND\n",
  );
  assert.doesNotMatch(vertex, /v_generic/);
  assert.match(fragment, /in0 = vec4\(0\.0, 0\.0, 0\.0, 1\.0\);/);
});

test("a captured output that is never written is zeros", () => {
  const { vertex } = link(
    "FRAG\nEND\n",
    {
      captures: [{ registerIndex: 2, startComponent: 0, componentCount: 2, buffer: 0, destinationOffsetDwords: 0 }],
    },
    PLAIN_VERTEX.replace("DCL OUT[1]", "DCL OUT[2], GENERIC[4]\nDCL OUT[1]"),
  );
  assert.match(vertex, /^flat out uvec2 cap0;$/m);
  assert.match(vertex, /cap0 = uvec2\(0u, 0u\);/);
});

test("the numeric key says what the readable one says", () => {
  const words = new Uint32Array(PROGRAM_KEY_WORDS);
  words[KeyWord.FLAGS] = KeyFlag.POINTS | KeyFlag.CLIP_HALF_Z | (3 << 16);
  words[KeyWord.CLIP_AND_COLOR_COUNT] = 0x405;
  words[KeyWord.COLOR_FIXUPS] = 0x040201;
  const key = decodeProgramKey(words);
  assert.deepEqual([key.points, key.clipHalfZ, key.flatshade, key.alphaFunc], [true, true, false, 3]);
  assert.deepEqual([key.clipPlaneMask, key.colorCount], [5, 4]);
  assert.deepEqual([key.colorSwapRb, key.colorAlphaOne, key.colorSrgbEncode], [1, 2, 4]);
});

test("bits that the relevant mask leaves out change nothing", () => {
  const vertex = parse(PLAIN_VERTEX, "vertex");
  const fragment = parse(`${FRAGMENT_HEAD}MOV OUT[0], IN[0]\nEND\n`, "fragment");
  const mask = new Uint32Array(PROGRAM_KEY_WORDS);
  relevantKeyMask(vertex.info, fragment.info, mask);
  const textOf = (words: Uint32Array): string => {
    const linked = linkProgram({ vertex, fragment }, decodeProgramKey(words), GLES_300);
    return linked.ok ? linked.vertex + linked.fragment : linked.error.message;
  };
  const base = new Uint32Array(PROGRAM_KEY_WORDS);
  base[KeyWord.FLAGS] = KeyFlag.POINTS | (7 << 16);
  base[KeyWord.CLIP_AND_COLOR_COUNT] = 0x200;
  let left = 0;
  for (let word = 0; word < PROGRAM_KEY_WORDS; word++) {
    for (let bit = 0; bit < 32; bit++) {
      if (((mask[word]! >>> bit) & 1) !== 0) continue;
      const changed = base.slice();
      changed[word] = (changed[word]! ^ (1 << bit)) >>> 0;
      assert.equal(textOf(changed), textOf(base), `word ${word} bit ${bit}`);
      left++;
    }
  }
  assert.ok(left > 100);
});

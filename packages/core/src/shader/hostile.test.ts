/** Guests may send any text: it is refused with a value, in time and memory proportional to its length, never by throwing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DEFAULT_PROGRAM_KEY,
  GLES_300,
  linkProgram,
  parseTgsi,
  translateShader,
  type GlslTarget,
  type ParseResult,
} from "./index.js";
import { SHADER_LIMITS } from "./limits.js";

const BEST: GlslTarget = {
  ...GLES_300,
  version: 320,
  extensions: new Set(["GL_EXT_clip_cull_distance", "GL_EXT_texture_query_lod", "GL_EXT_texture_shadow_lod"]),
};

function messageOf(result: ParseResult): string {
  return result.ok ? "accepted" : `${result.error.code}: ${result.error.message}`;
}

function vertex(body: string): string {
  return `VERT\nDCL IN[0]\nDCL OUT[0], POSITION\nDCL TEMP[0..3]\nDCL ADDR[0]\nDCL CONST[0..3]\n${body}\nEND\n`;
}

test("register numbers past the declared range never reach the GLSL", () => {
  const text = vertex("ARL ADDR[0].x, IN[0].xxxx\nMOV OUT[0], CONST[ADDR[0].x+65535]");
  const result = translateShader(text, GLES_300);
  assert.ok(result.ok);
  assert.match(result.glsl, /vs_c0\[clamp\(addr0\.x \+ 65535, 0, 3\)\]/);
});

test("deep nesting is refused, and so is nesting that does not match", () => {
  const deep = (count: number): string => vertex(`${"IF IN[0].xxxx\n".repeat(count)}${"ENDIF\n".repeat(count)}`);
  assert.equal(messageOf(parseTgsi(deep(SHADER_LIMITS.nesting), "vertex")), "accepted");
  assert.equal(
    messageOf(parseTgsi(deep(SHADER_LIMITS.nesting + 1), "vertex")),
    "limit: more than 64 nested IF and loops",
  );
  assert.equal(messageOf(parseTgsi(deep(10_000), "vertex")), "limit: more than 64 nested IF and loops");
  assert.equal(messageOf(parseTgsi(vertex("ELSE\nENDIF"), "vertex")), "invalid: ELSE without IF");
  assert.equal(messageOf(parseTgsi(vertex("IF IN[0].xxxx\nELSE\nELSE\nENDIF"), "vertex")), "invalid: ELSE without IF");
});

test("declarations past the limits are refused before anything is allocated for them", () => {
  const declare = (line: string): string => messageOf(parseTgsi(`VERT\n${line}\nEND\n`, "vertex"));
  assert.equal(declare("DCL TEMP[0..65535]"), "limit: TEMP[65535] is out of range");
  assert.equal(declare("DCL IN[0..80]"), "limit: IN[80] is out of range");
  assert.equal(declare("DCL OUT[0..80], GENERIC"), "limit: OUT[80] is out of range");
  assert.equal(declare("DCL CONST[0..4096]"), "limit: CONST[4096] is out of range");
  assert.equal(declare("DCL CONST[40][0]"), "limit: constant buffer 40 is out of range");
  assert.equal(declare("DCL ADDR[0..16]"), "limit: ADDR[16] is out of range");
  assert.equal(declare("DCL TEMP[0..4]\nDCL TEMP[4..5]"), "invalid: TEMP[4] is declared twice");
});

test("the stage of the text must be the one the object was created for", () => {
  assert.equal(messageOf(parseTgsi("FRAG\nEND\n", "vertex")), "invalid: the text is a fragment shader, not vertex");
});

test("other stages are read but make no program", () => {
  const geometry = parseTgsi("GEOM\nPROPERTY GS_INPUT_PRIMITIVE TRIANGLES\nDCL IN[][0], POSITION\nEND\n", "geometry");
  const fragment = parseTgsi("FRAG\nEND\n", "fragment");
  assert.ok(geometry.ok && fragment.ok);
  const linked = linkProgram({ vertex: geometry.shader, fragment: fragment.shader }, DEFAULT_PROGRAM_KEY, GLES_300);
  assert.ok(!linked.ok);
  assert.equal(linked.error.code, "not-offered");
});

test("text as long as allowed takes time in proportion", () => {
  const timeOf = (count: number): number => {
    const text = vertex("ADD TEMP[0], TEMP[1], CONST[2]\n".repeat(count));
    // Processor time: what else the machine does is not in it.
    const start = process.cpuUsage();
    const result = translateShader(text, GLES_300);
    assert.ok(result.ok, result.ok ? "" : result.error.message);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  timeOf(1000);
  const small = Math.min(timeOf(2000), timeOf(2000), timeOf(2000));
  const large = Math.min(timeOf(20_000), timeOf(20_000));
  assert.ok(
    large < 40 * Math.max(small, 1),
    `10 times the text took ${large.toFixed(1)} ms after ${small.toFixed(1)} ms`,
  );
});

/** A grammar-aware scramble of good shaders: words swapped, numbers changed, lines doubled, dropped and moved. */
class Scrambler {
  #state = 0x1234567;

  below(limit: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return Math.floor((this.#state / 2 ** 32) * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  scramble(text: string): string {
    const lines = text.split("\n");
    for (let edits = 1 + this.below(4); edits > 0; edits--) {
      const at = this.below(lines.length);
      const line = lines[at] ?? "";
      switch (this.below(6)) {
        case 0:
          lines.splice(at, 1);
          break;
        case 1:
          lines.splice(this.below(lines.length), 0, line);
          break;
        case 2:
          lines[at] = line.replace(/\d+/, String(this.pick([0, 1, 2, 7, 31, 255, 4096, 65535, 99999, 4294967296])));
          break;
        case 3:
          lines[at] = line.replace(/[A-Z_0-9]+/g, (word) => (this.below(4) === 0 ? this.pick(WORDS) : word));
          break;
        case 4:
          lines[at] = line.slice(0, this.below(line.length + 1));
          break;
        default:
          lines[at] =
            line.slice(0, this.below(line.length + 1)) + this.pick(MARKS) + line.slice(this.below(line.length + 1));
      }
    }
    return lines.join("\n");
  }
}

const WORDS = [
  "TEMP",
  "IN",
  "OUT",
  "CONST",
  "ADDR",
  "SAMP",
  "IMM",
  "SV",
  "IF",
  "ENDIF",
  "BGNLOOP",
  "ENDLOOP",
  "BRK",
  "TEX",
  "TXQ",
  "MOV",
  "MAD",
  "UCMP",
  "KILL",
  "POSITION",
  "COLOR",
  "GENERIC",
  "CLIPDIST",
  "FACE",
  "CONSTANT",
  "SHADOW2D",
  "CUBEARRAY",
  "BUFFER",
  "DADD",
  "RET",
  "LIT",
  "DDX",
  "ARRAY",
  "FLT32",
];
const MARKS = ["[", "]", ".", "..", ",", "(", ")", "-", "|", "{", "}", ":", "\u0000", "\u00ff", "#", "\n", "  "];

const SEEDS = [
  vertex(
    "ARL ADDR[0].x, IN[0].xxxx\nMAD TEMP[0], CONST[ADDR[0].x+1], IN[0], TEMP[1]\nBGNLOOP :0\nUSGE TEMP[1].x, TEMP[2].xxxx, TEMP[0].xxxx\nUIF TEMP[1].xxxx :0\nBRK\nENDIF\nENDLOOP :0\nMOV OUT[0], TEMP[0]",
  ),
  "FRAG\nPROPERTY FS_COLOR0_WRITES_ALL_CBUFS 1\nDCL IN[0], GENERIC[0], PERSPECTIVE\nDCL IN[1], FACE, CONSTANT\nDCL OUT[0], COLOR\nDCL SAMP[0]\nDCL SVIEW[0], 2D, FLOAT\nDCL TEMP[0..3]\nDCL TEMP[4..7], ARRAY(1), LOCAL\nIMM[0] FLT32 {1.0, 0.0, 2.0, 3.0}\n  0: TEX TEMP[0], IN[0].xyyy, SAMP[0], 2D\n  1: KILL_IF -TEMP[0].wwww\n  2: LIT TEMP[1], TEMP[0]\n  3: MUL_SAT OUT[0], TEMP[1], IMM[0].xxxy\n  4: END\n",
];

test("5,000 scrambled shaders are accepted or refused, never thrown", () => {
  const scrambler = new Scrambler();
  let accepted = 0;
  let refused = 0;
  for (let round = 0; round < 5000; round++) {
    const text = scrambler.scramble(scrambler.pick(SEEDS));
    const target = round % 2 === 0 ? GLES_300 : BEST;
    const result = translateShader(text, target, {
      ...DEFAULT_PROGRAM_KEY,
      clipPlaneMask: round & 0xff,
      points: round % 3 === 0,
      twoSide: round % 5 === 0,
      alphaFunc: round & 7,
    });
    if (result.ok) accepted++;
    else refused++;
  }
  assert.ok(accepted > 500 && refused > 500, `${accepted} accepted, ${refused} refused`);
});

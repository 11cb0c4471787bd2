/** Draws every arithmetic opcode in both stages, on every GLSL version of the host, and compares with plain TypeScript. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { DEFAULT_PROGRAM_KEY, GLES_300, type GlslTarget, type ProgramKey } from "@virtgpu/core/shader";
import { linkTexts } from "./goldens.js";
import { Lab } from "./lab.js";
import { fragmentText, SET_COUNT, vertexText } from "./opcode-program.js";
import { floatBits, OPCODE_CASES, Operands, setConstants, type Kind, type OpcodeCase, type Words } from "./opcodes.js";

const lab = new Lab(SET_COUNT);
after(() => lab.close());

const KEY: ProgramKey = {
  ...DEFAULT_PROGRAM_KEY,
  colorCount: 2,
  colorTypes: 10,
  points: true,
  pointSizeFromState: true,
};

/** 3.00 uses our helper functions where later versions have built-ins, so both are drawn. */
const TARGETS: readonly GlslTarget[] = [300, 310, 320].map((version) => ({
  ...GLES_300,
  version: version as 300 | 310 | 320,
}));

let seed = 0x2545f491;
function random(): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return seed >>> 0;
}

const SPECIAL_INTS = [0, 1, 2, 0xffffffff, 0x80000000, 0x7fffffff, 31, 32, 0x55555555, 0x00010000, 3, 0xfffffffe];
const SPECIAL_FLOATS = [0, 1, -1, 0.5, -0.5, 1.5, -1.5, 2.5, -2.25, 3, 100, -7.75];

function inputWord(kind: Kind, at: number): number {
  switch (kind) {
    case "float":
      return floatBits(
        at % 3 === 0 ? (SPECIAL_FLOATS[random() % SPECIAL_FLOATS.length] ?? 0) : (random() / 2 ** 32 - 0.5) * 40,
      );
    case "half":
      return floatBits(Math.fround(((random() % 4096) - 2048) / 16));
    case "unit":
      // Mostly in [0, 2), so that clamping shows.
      return floatBits(Math.fround((random() / 2 ** 32) * 2));
    default:
      return at % 3 === 0
        ? (SPECIAL_INTS[random() % SPECIAL_INTS.length] ?? 0)
        : at % 3 === 1
          ? random()
          : random() & 0xff;
  }
}

/** Operands of every point, each drawn again until the case accepts it. */
function inputsOf(opcode: OpcodeCase): Uint32Array {
  const words = new Uint32Array(SET_COUNT * 16);
  for (let set = 0; set < SET_COUNT; set++) {
    const own = words.subarray(set * 16, set * 16 + 16);
    for (let attempt = 0; attempt < 200; attempt++) {
      for (let at = 0; at < 16; at++) {
        const kind = opcode.kinds[Math.min(at >> 2, opcode.kinds.length - 1)] ?? "float";
        own[at] = inputWord(kind, random() % 3);
      }
      if (opcode.accepts?.(new Operands(own)) ?? true) break;
      assert.ok(attempt < 199, `no input for ${opcode.name}`);
    }
  }
  return words;
}

const floatWord = new Float32Array(1);
const uintWord = new Uint32Array(floatWord.buffer);

function bitsToFloat(bits: number): number {
  uintWord[0] = bits;
  return floatWord[0] ?? 0;
}

/** Distance in units in the last place, over the ordered integers that float patterns make. */
function ulpDistance(a: number, b: number): number {
  const order = (bits: number): number => ((bits & 0x80000000) !== 0 ? -(bits & 0x7fffffff) : bits);
  return Math.abs(order(floatBits(a)) - order(floatBits(b)));
}

function isClose(opcode: OpcodeCase, got: number, expected: number): boolean {
  if (opcode.compare === "words") return got >>> 0 === expected >>> 0;
  const value = bitsToFloat(got);
  return (
    ulpDistance(value, expected) <= opcode.compare.ulp || Math.abs(value - expected) <= (opcode.compare.absolute ?? 0)
  );
}

function show(opcode: OpcodeCase, words: readonly number[] | Words): string {
  return words.map((word) => (opcode.compare === "words" ? `0x${(word >>> 0).toString(16)}` : String(word))).join(" ");
}

function check(opcode: OpcodeCase, stage: string, inputs: Uint32Array, results: Uint32Array): void {
  for (let set = 0; set < SET_COUNT; set++) {
    const operands = new Operands(inputs.slice(set * 16, set * 16 + 16));
    const expected = opcode.reference(operands);
    const got = [...results.subarray(set * 4, set * 4 + 4)];
    const isRight = got.every((word, component) => isClose(opcode, word, expected[component] ?? 0));
    const shown = opcode.compare === "words" ? got : got.map(bitsToFloat);
    const inputText = [...operands.words].map((word) => `${word.toString(16)}(${bitsToFloat(word)})`).join(" ");
    assert.ok(
      isRight,
      `${opcode.name} in the ${stage} shader, point ${set}: got ${show(opcode, shown)}, expected ${show(opcode, expected)}\n inputs ${inputText}`,
    );
  }
}

for (const opcode of OPCODE_CASES) {
  test(`${opcode.name} draws what it means`, () => {
    const inputs = inputsOf(opcode);
    setConstants((index, component) => inputs[index * 4 + component] ?? 0);
    const done = new Set<string>();
    for (const target of TARGETS) {
      const linked = linkTexts(vertexText(opcode), fragmentText(opcode), KEY, target);
      assert.ok(linked.ok, linked.ok ? "" : linked.error.message);
      const body = (linked.vertex + linked.fragment).replaceAll(/#version \d+ es/g, "");
      if (done.has(body)) continue;
      done.add(body);
      const { program, log } = lab.link(linked);
      assert.equal(log, "", `${log}\n${linked.vertex}\n${linked.fragment}`);
      lab.draw(program, linked.iface, inputs);
      check(opcode, "fragment", inputs, lab.read(0));
      check(opcode, "vertex", inputs, lab.read(1));
      lab.delete(program);
    }
    assert.equal(lab.poll(), 0, "GL errors");
  });
}

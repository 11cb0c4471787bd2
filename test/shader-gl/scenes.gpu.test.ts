/** Draws the golden scenes (`scene-*.tgsi`): what the draw's key, the interface and control flow do to pixels. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { GL } from "@virtgpu/core/gl";
import { GLES_300, type GlslTarget } from "@virtgpu/core/shader";
import { linkTexts, readGolden } from "./goldens.js";
import { Lab, type DrawOptions, type LinkedTexts } from "./lab.js";

const WIDTH = 8;
const HEIGHT = 4;

const lab = new Lab(WIDTH, GL.RGBA32F, HEIGHT);
after(() => lab.close());

type Color = readonly [number, number, number, number];

interface Scene extends DrawOptions {
  /** The colour of a pixel by its column and row; null where nothing is drawn. */
  readonly expect: (x: number, y: number) => Color | null;
  /** The same for the second buffer. */
  readonly second?: (x: number, y: number) => Color | null;
  readonly constants?: Float32Array;
}

const front: DrawOptions = { shape: "front" };
const back: DrawOptions = { shape: "back" };
/** One point of size 4 in the middle of the framebuffer. */
const onePoint: DrawOptions = { count: 1, system: [1, 4, 0, 0] };

const inPoint = (x: number): boolean => x >= 2 && x < 6;
const ndc = (at: number, size: number): number => ((at + 0.5) / size) * 2 - 1;
const ONE: Color = [1, 0.5, 0.25, 0.125];
const always = (color: Color) => (): Color => color;

/** Points sit in row 2. */
const inRow =
  (color: (x: number) => Color | null) =>
  (x: number, y: number): Color | null =>
    y === 2 ? color(x) : null;

const srgb = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

/** Four constants: CONST[i] = (i + 1) × (1, 10, 100, 1000). */
const FOUR = Float32Array.from({ length: 16 }, (_, at) => ((at >> 2) + 1) * 10 ** (at & 3));
const four = (index: number): Color =>
  [1, 10, 100, 1000].map((value) => value * (Math.min(Math.max(index, 0), 3) + 1)) as unknown as Color;
const sum = (a: Color, b: Color): Color => [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];

/** sys[0], then planes 0…7; planes 0 and 2 keep x > 0 and y > 0. */
const PLANES = [1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, ...new Array<number>(20).fill(0)];
const quadrant = (x: number, y: number): Color | null => (x >= 4 && y >= 2 ? ONE : null);

const alpha = (passes: (value: number) => boolean): Scene => ({
  expect: inRow((x) => (passes(x * 0.25) ? [1, 1, 1, x * 0.25] : null)),
});

const SCENES: Readonly<Record<string, Scene>> = {
  // The last vertex gives the flat colour: number 10 of the row of 8 points and 3 corners.
  "flat-color": { ...front, expect: always([10, 10, 10, 10]) },
  "smooth-color": { ...front, expect: (x, y) => [ndc(x, WIDTH), ndc(y, HEIGHT), 0, 1] },
  "two-sided": { ...front, expect: always([1, 0, 0, 1]) },
  "two-sided ": { ...back, expect: always([0, 1, 0.25, 1]) },
  "two-sided-flat": { ...back, expect: always([0, 1, 0.25, 1]) },
  "one-sided": { ...back, expect: always([1, 0, 0, 1]) },
  "face-input": { ...front, expect: always([1, 1, 0, 1]) },
  "face-input ": { ...back, expect: always([-1, -1, 0, 1]) },
  "face-system-value": { ...front, expect: always([2, 2, 2, 2]) },
  "face-system-value ": { ...back, expect: always([3, 3, 3, 3]) },
  // GL counts from the edge with the larger y, gallium's upper left from row 0.
  "sprite-upper-left": { ...onePoint, expect: (x, y) => (inPoint(x) ? [(x - 1.5) / 4, (y + 0.5) / 4, 0, 1] : null) },
  "sprite-lower-left": {
    ...onePoint,
    expect: (x, y) => (inPoint(x) ? [(x - 1.5) / 4, 1 - (y + 0.5) / 4, 0, 1] : null),
  },
  "sprite-texcoord": { ...onePoint, expect: (x, y) => (inPoint(x) ? [(x - 1.5) / 4, (y + 0.5) / 4, 0, 1] : null) },
  "point-coord": { ...onePoint, expect: (x, y) => (inPoint(x) ? [(x - 1.5) / 4, 1 - (y + 0.5) / 4, 0, 1] : null) },
  "sprite-disabled": { ...onePoint, expect: (x) => (inPoint(x) ? [ndc(0, WIDTH), 0.25, 0, 1] : null) },
  "sprite-not-points": { ...front, expect: (x, y) => [ndc(x, WIDTH), ndc(y, HEIGHT), 0, 1] },
  "point-size": { count: 1, expect: (x) => (inPoint(x) ? [1, 1, 1, 1] : null) },
  // The reference is 0.5.
  "alpha-never": alpha(() => false),
  "alpha-less": alpha((value) => value < 0.5),
  "alpha-equal": alpha((value) => value === 0.5),
  "alpha-lequal": alpha((value) => value <= 0.5),
  "alpha-greater": alpha((value) => value > 0.5),
  "alpha-notequal": alpha((value) => value !== 0.5),
  "alpha-gequal": alpha((value) => value >= 0.5),
  "clip-user-planes": { ...front, system: PLANES, expect: quadrant },
  "clip-user-planes-discard": { ...front, system: PLANES, expect: quadrant },
  "clip-vertex": { ...front, system: PLANES, expect: (x) => (x < 4 ? ONE : null) },
  "clip-distances": { ...front, expect: (x, y) => (x >= 4 && y < 2 ? ONE : null) },
  "clip-distances-discard": { ...front, expect: (x, y) => (x >= 4 && y < 2 ? ONE : null) },
  // z = 0.25 of [0, 1] stays 0.25 in the depth range.
  "clip-half-z": { ...front, expect: always([0.25, 0.25, 0.25, 0.25]) },
  "frag-position": { ...front, expect: (x, y) => [x + 0.5, y + 0.5, 0.5, 1] },
  "frag-position-integer": { ...front, expect: (x, y) => [x, y, 0.5, 1] },
  "y-sign": { ...back, system: [-1, 1, 0, 0], expect: (x, y) => [ndc(x, WIDTH), -ndc(y, HEIGHT), 0, 1] },
  "missing-varying": { ...front, expect: always([0, 0, 0, 2]) },
  broadcast: { ...front, expect: always(ONE), second: always(ONE) },
  "no-broadcast": { ...front, expect: always(ONE) },
  "color-swap-rb": { ...front, expect: always([0.25, 0.5, 1, 0.125]) },
  "color-alpha-one": { ...front, expect: always([1, 0.5, 0.25, 1]) },
  "color-srgb": { ...front, expect: always([srgb(1), srgb(0.5), srgb(0.25), 0.125]) },
  "color-fixups-second": { ...front, expect: always(ONE), second: always([0.25, 0.5, 1, 1]) },
  "plain-uniforms": { ...front, constants: FOUR, expect: (x) => sum(four(x + 1), four(3)) },
  "constants-clamped": { ...front, constants: FOUR, expect: (x) => sum(four(x + 1), four(3)) },
  "several-blocks": { ...front, constants: FOUR, expect: (x) => sum(sum(four(x), four(1)), four(0)) },
  "temp-arrays": {
    ...front,
    // The store at x + 4 is clamped to the array's last element, TEMP[4]; the loads to TEMP[1…4] and TEMP[5…6].
    expect: (x) => {
      const value = Math.min(Math.max(x - 1, 1), 4);
      const y = Math.min(x + 4, 4) === value ? 2 : value;
      return sum([value, y, value, value], Math.min(x + 5, 6) === 5 ? [1, 2, 3, 4] : [4, 3, 2, 1]);
    },
  },
  "temp-whole-file": {
    ...front,
    expect: (x) => (x === 0 ? [0, 0, 0, 0] : [Math.min(x, 3), Math.min(x, 3), Math.min(x, 3), Math.min(x, 3)]),
  },
  // OUT[1 + 9] is clamped to the last element.
  "io-arrays": {
    ...front,
    expect: (x) => ([1, 2, 4] as const).map((value) => [value, value, value, value] as const)[Math.min(x, 2)] ?? null,
  },
  "early-return": { ...front, expect: (x) => (x < 4 ? [1, 1, 1, 1] : [2, 2, 2, 2]) },
  // Inner loop runs j = 1…3 for i = 0…4 and leaves out j = i: 15 less the three that exist.
  "nested-loops": { ...front, expect: always([5, 3, 12, 12]) },
  kill: { ...front, expect: (x) => (x < 4 ? null : [1, 1, 1, 1]) },
  "kill-if": { ...front, expect: (x, y) => (x < 4 || y < 2 ? null : [1, 1, 1, 1]) },
  derivatives: { ...front, expect: always([2, 0, 0, 3]) },
  "derivatives-fine": { ...front, expect: always([1, 0, 0, 1]) },
  "instance-id": { expect: inRow((x) => [0, x, 0, 1]) },
  "integer-varying": { expect: inRow((x) => [x, x, x, x]) },
  "layer-inputs": { ...front, expect: always([0, 0, 0, 0]) },
  "primitive-id": { ...front, expect: always([0, 0, 0, 0]) },
  "helper-invocation": { ...front, expect: always([3, 3, 3, 3]) },
  "early-depth": { ...front, expect: always(ONE) },
  "depth-output": { ...front, expect: always(ONE) },
  "sample-variables": { ...front, expect: always([0, 0.5, 0.5, 1]) },
  "interpolation-locations": { ...front, expect: (x, y) => [3 * ndc(x, WIDTH), 3 * ndc(y, HEIGHT), 0, 3] },
  "fog-and-edge": { ...front, expect: (x, y) => [2 * ndc(x, WIDTH), 2 * ndc(y, HEIGHT), 0, 2] },
  invariant: { ...front, expect: (x, y) => [ndc(x, WIDTH), ndc(y, HEIGHT), 0, 1] },
};

function compare(name: string, expect: Scene["expect"], words: Uint32Array, text: string): void {
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const at = (y * WIDTH + x) * 4;
      const got = [...floats.subarray(at, at + 4)];
      const expected = expect(x, y) ?? [0, 0, 0, 0];
      const isClose = got.every(
        (value, index) => Math.abs(value - (expected[index] ?? 0)) < 1e-4 * Math.max(1, Math.abs(value)),
      );
      assert.ok(isClose, `${name} at ${x}, ${y}: got ${got.join(" ")}, expected ${expected.join(" ")}\n${text}`);
    }
  }
}

function drawScene(name: string, scene: Scene, target: GlslTarget): void {
  const golden = readGolden(`scene-${name.trim()}`);
  assert.ok(golden.vertex !== null && golden.fragment !== null);
  const linked = linkTexts(golden.vertex, golden.fragment, golden.key, target);
  assert.ok(linked.ok, linked.ok ? "" : linked.error.message);
  const { program, log } = lab.link(linked satisfies LinkedTexts);
  const text = `${linked.vertex}\n${linked.fragment}`;
  assert.equal(log, "", `${log}\n${text}`);
  const constants = new Uint32Array((scene.constants ?? new Float32Array(256)).buffer);
  // A buffer that the shader does not write would hold anything.
  lab.draw(program, linked.iface, constants, { colorCount: scene.second === undefined ? 1 : 2, ...scene });
  compare(name, scene.expect, lab.read(0), text);
  if (scene.second !== undefined) compare(`second buffer of ${name}`, scene.second, lab.read(1), text);
  lab.delete(program);
}

for (const [name, scene] of Object.entries(SCENES)) {
  test(`${name.trim()}${name.endsWith(" ") ? " from behind" : ""} is drawn right`, () => {
    const { target } = readGolden(`scene-${name.trim()}`);
    const isKnown = [...target.extensions].every((extension) => lab.gl.caps.extensions.has(extension));
    if (isKnown) drawScene(name, scene, target);
    drawScene(name, scene, {
      ...GLES_300,
      version: 320,
      extensions: new Set(lab.gl.caps.extensions),
      maxDrawBuffers: 8,
    });
    assert.equal(lab.poll(), 0, "GL errors");
  });
}

test("FS_COORD_ORIGIN LOWER_LEFT counts rows from the last one where the caps offer the choice, and only there", () => {
  const { vertex, fragment, key, target } = readGolden("scene-frag-position");
  const lowerLeft = (fragment ?? "").replace("FRAG\n", "FRAG\nPROPERTY FS_COORD_ORIGIN LOWER_LEFT\n");
  for (const isOffered of [true, false]) {
    const linked = linkTexts(vertex ?? "", lowerLeft, key, { ...target, fragmentCoordConventions: isOffered });
    assert.ok(linked.ok);
    assert.equal(linked.iface.readsFramebufferHeight, isOffered);
    const { program, log } = lab.link(linked);
    assert.equal(log, "");
    lab.draw(program, linked.iface, new Uint32Array(64), { ...front, colorCount: 1 });
    compare(
      "origin",
      (x, y) => [x + 0.5, isOffered ? HEIGHT - y - 0.5 : y + 0.5, 0.5, 1],
      lab.read(0),
      linked.fragment,
    );
    lab.delete(program);
  }
});

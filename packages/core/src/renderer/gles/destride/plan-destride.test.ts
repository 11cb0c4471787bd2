import assert from "node:assert/strict";
import { test } from "node:test";
import { fourccCode, LENIENT_IMAGES, type ImageRules } from "../../../memory/index.js";
import { PixelOrder, planDestride, type DestridePlan, type StridedPicture } from "./plan-destride.js";

const AB24 = fourccCode("AB24");
const PAGE = 4096;

function images(change: Partial<ImageRules>): ImageRules {
  return { ...LENIENT_IMAGES, acceptsMemfd: true, maxWidth: 4096, maxHeight: 4096, ...change };
}

function rule(name: string): ImageRules["formats"][number] {
  return { fourcc: fourccCode(name), canSample: true, canRender: true, modifiers: [] };
}

/** Tight rows, as guests have them; the buffer ends with the last page. */
function tight(width: number, height: number, change: Partial<StridedPicture> = {}): StridedPicture {
  const sizeBytes = Math.ceil((width * height * 4) / PAGE) * PAGE;
  return {
    width,
    height,
    strideBytes: width * 4,
    bytesPerPixel: 4,
    offsetBytes: 0,
    bufferBytes: (change.offsetBytes ?? 0) + sizeBytes,
    fourcc: AB24,
    ...change,
  };
}

/** Everything that a driver would crash at, and that each pixel's bytes are where the plan looks for them. */
function holds(plan: DestridePlan, picture: StridedPicture, rules: ImageRules): void {
  const multiple = rules.strideMultiplesByTexel?.[String(plan.texelBytes)] ?? rules.strideMultipleBytes;
  assert.equal(plan.strideBytes % multiple, 0);
  assert.equal(plan.offsetBytes % rules.offsetMultipleBytes, 0);
  assert.equal(plan.width * plan.texelBytes, plan.strideBytes);
  assert.ok(plan.width <= rules.maxWidth && plan.height <= rules.maxHeight);
  assert.ok(plan.offsetBytes >= 0 && plan.offsetBytes + plan.height * plan.strideBytes <= picture.bufferBytes);
  for (const [x, y] of [
    [0, 0],
    [picture.width - 1, 0],
    [0, picture.height - 1],
    [picture.width - 1, picture.height - 1],
  ] as const) {
    const texel = plan.firstTexel + y * plan.texelsPerRow + x * plan.texelsPerPixel;
    const byte = plan.offsetBytes + texel * plan.texelBytes;
    assert.equal(byte, picture.offsetBytes + y * picture.strideBytes + x * picture.bytesPerPixel);
    assert.ok(texel + plan.texelsPerPixel <= plan.width * plan.height);
  }
}

test("1366 and 1080 wide pictures fit under every stride rule, powers of two or not", () => {
  for (const strideMultipleBytes of [48, 64, 96, 128, 160, 256, 320, 1024, 4096]) {
    for (const [width, height] of [
      [1366, 768],
      [1080, 1920],
      [1365, 767],
      [800, 600],
      [1, 1],
    ] as const) {
      // Guest memory behind, as in a memory file.
      const picture = tight(width, height, { bufferBytes: 32 << 20 });
      const rules = images({ strideMultipleBytes });
      const plan = planDestride(picture, rules);
      assert.ok(plan !== null, `${width}×${height}, ${strideMultipleBytes}`);
      holds(plan, picture, rules);
    }
  }
});

test("rows are chosen so that nothing beyond the buffer's last page is imported", () => {
  for (const strideMultipleBytes of [64, 256, 4096]) {
    for (let width = 1360; width <= 1372; width++) {
      const picture = tight(width, 768, { offsetBytes: 2 * PAGE });
      const rules = images({ strideMultipleBytes });
      const plan = planDestride(picture, rules);
      assert.ok(plan !== null, `${width}, ${strideMultipleBytes}`);
      holds(plan, picture, rules);
    }
  }
});

test("offsets that are not taken are rounded down, into what lies before", () => {
  const rules = images({ strideMultipleBytes: 96, offsetMultipleBytes: 48 });
  const picture = tight(1366, 768, { offsetBytes: 3 * PAGE, bufferBytes: 32 << 20 });
  const plan = planDestride(picture, rules);
  assert.ok(plan !== null);
  assert.equal(plan.offsetBytes, 12_288 - (12_288 % 48));
  holds(plan, picture, rules);
  const onlyStart = images({ strideMultipleBytes: 64, offsetMultipleBytes: 2 ** 31 });
  const fromStart = planDestride(picture, onlyStart);
  assert.ok(fromStart !== null);
  assert.equal(fromStart.offsetBytes, 0);
  holds(fromStart, picture, onlyStart);
});

test("formats that are not taken are read through another", () => {
  const picture = tight(1366, 768, { bufferBytes: 32 << 20 });
  const expected = [
    ["AR24", PixelOrder.SWAPPED, 4],
    ["GR88", PixelOrder.PAIRS, 2],
    ["R8  ", PixelOrder.BYTES, 1],
  ] as const;
  for (const [name, order, texelBytes] of expected) {
    const rules = images({ strideMultipleBytes: 64, formats: [rule(name)], maxHeight: 16_384, maxWidth: 16_384 });
    const plan = planDestride(picture, rules);
    assert.deepEqual([plan?.order, plan?.texelBytes], [order, texelBytes], name);
    holds(plan!, picture, rules);
  }
  assert.equal(planDestride(picture, images({ formats: [rule("RG16")] })), null);
  const onlyBytes = tight(1366, 768, { bytesPerPixel: 2, strideBytes: 2732, fourcc: fourccCode("RG16") });
  assert.equal(planDestride(onlyBytes, images({ formats: [rule("R8  ")] })), null);
});

test("odd offsets need texels of one byte", () => {
  const rules = images({ strideMultipleBytes: 64, maxHeight: 16_384, maxWidth: 16_384 });
  const picture = tight(640, 480, { offsetBytes: 4097, bufferBytes: 32 << 20 });
  const plan = planDestride(picture, { ...rules, offsetMultipleBytes: 64 });
  assert.equal(plan?.order, PixelOrder.BYTES);
  holds(plan!, picture, { ...rules, offsetMultipleBytes: 64 });
});

test("pictures that no shape holds are left to the upload", () => {
  const small = images({ maxWidth: 64, maxHeight: 64, strideMultipleBytes: 64 });
  assert.equal(planDestride(tight(1366, 768), small), null);
  // A last row that would end behind the buffer, whatever its length.
  const exact = tight(3, 1, { bufferBytes: 12 });
  assert.equal(planDestride(exact, images({ strideMultipleBytes: 64 })), null);
});

test("numbers that describe no picture, as a hostile guest sends them, are no plan", () => {
  const rules = images({ strideMultipleBytes: 64 });
  const good = tight(1366, 768, { bufferBytes: 32 << 20 });
  for (const change of [
    { width: 0 },
    { height: 0 },
    { height: 2 ** 31 },
    { height: Number.NaN },
    { width: 2 ** 31, strideBytes: 2 ** 33 },
    { strideBytes: 5460 },
    { strideBytes: 0 },
    { strideBytes: -5464 },
    { strideBytes: 2 ** 53 },
    { strideBytes: 5464.5 },
    { offsetBytes: -4096 },
    { offsetBytes: 32 << 20 },
    { offsetBytes: Number.POSITIVE_INFINITY },
    { bufferBytes: 1366 * 768 * 4 - 1 },
    { bytesPerPixel: 0 },
  ])
    assert.equal(planDestride({ ...good, ...change }, rules), null, JSON.stringify(change));
  assert.notEqual(planDestride(good, rules), null);
});

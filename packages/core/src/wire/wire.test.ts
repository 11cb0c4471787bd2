import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  asciiBytes,
  asciiDwords,
  asciiText,
  asciiTextOfDwords,
  doubleBits,
  doubleFromBits,
  floatBits,
  floatFromBits,
} from "./index.js";

describe("float bits", () => {
  it("are those of IEEE 754", () => {
    assert.equal(floatBits(1), 0x3f800000);
    assert.equal(floatBits(-0), 0x80000000);
    assert.equal(floatFromBits(0x40490fdb), Math.fround(Math.PI));
    assert.deepEqual(doubleBits(1), [0, 0x3ff00000]);
    assert.equal(doubleFromBits(0x9999999a, 0x3fb99999), 0.1);
  });
});

describe("ASCII", () => {
  it("ends at NUL and shows nothing unprintable", () => {
    assert.equal(asciiText(Uint8Array.of(0x61, 0x1b, 0xff, 0x62, 0, 0x63)), "a??b");
    assert.equal(asciiText(new Uint8Array(1000).fill(0x78), 10).length, 10);
    assert.equal(asciiText(new Uint8Array(0)), "");
  });

  it("crosses in dwords, padded", () => {
    assert.deepEqual([...asciiDwords("AB\nC")], [0x430a4241, 0]);
    assert.equal(asciiTextOfDwords(asciiDwords("AB\nC"), 0, 8), "AB\nC");
    assert.equal(asciiTextOfDwords(Uint32Array.of(0x41414141), 0, 3), "AAA");
    assert.deepEqual([...asciiBytes("é~")], [63, 126]);
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Argument, MessageWriter, readArguments } from "./wire.js";

const noFd = (): number => -1;

/** Words of the one message that the writer holds. */
function wordsOf(writer: MessageWriter): Uint32Array {
  const { bytes } = writer.take();
  return new Uint32Array(bytes.slice().buffer);
}

function roundTrip(types: string, args: readonly Argument[]): unknown {
  const writer = new MessageWriter();
  writer.put(5, 3, types, args);
  const words = wordsOf(writer);
  assert.equal(words[0], 5);
  assert.equal(words[1], (words.length * 4 * 0x1_0000 + 3) >>> 0);
  return readArguments(words, 2, words.length, types, noFd);
}

test("every type of argument comes back as it was sent", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5);
  const args = [-7, 0xffff_fffe, -1.5, "Fenster 1 – größer", 42, 0xff00_0000, bytes, "", new Uint8Array(0)];
  assert.deepEqual(roundTrip("iufsonasa", args), args);
  assert.deepEqual(roundTrip("", []), []);
  for (let length = 0; length < 9; length++)
    assert.deepEqual(roundTrip("su", ["x".repeat(length), 9]), ["x".repeat(length), 9]);
});

test("descriptors travel beside the bytes, in order", () => {
  const writer = new MessageWriter();
  writer.put(5, 0, "nhi", [9, 77, -1]);
  writer.put(5, 0, "hh", [78, 79]);
  const { bytes, fds } = writer.take();
  assert.deepEqual(fds, [77, 78, 79]);
  assert.equal(bytes.length, 16 + 8);
  assert.equal(writer.lengthBytes, 0);
  const words = new Uint32Array(bytes.slice().buffer);
  assert.deepEqual(
    readArguments(words, 2, 4, "nhi", () => fds.shift() ?? -1),
    [9, 77, -1],
  );
  assert.equal(readArguments(words, 2, 4, "nhi", noFd), "descriptor");
});

test("what is padded is zero, and what is dropped is gone, in the middle of a word too", () => {
  const writer = new MessageWriter();
  writer.put(5, 0, "a", [new Uint8Array(64).fill(0xff)]);
  writer.take();
  writer.put(5, 0, "ah", [Uint8Array.of(1), 70]);
  writer.put(6, 0, "h", [71]);
  const expected = [5, 0x10_0000, 1, 1, 6, 0x8_0000];
  const { bytes, fds } = writer.peek();
  assert.deepEqual([[...new Uint32Array(bytes.slice().buffer)], [...fds]], [expected, [70, 71]]);
  const all = [...bytes];
  for (const count of [3, 3, 7]) {
    writer.drop(count, 0);
    all.splice(0, count);
    assert.deepEqual([...writer.peek().bytes], all);
    assert.equal(writer.lengthBytes, all.length);
  }
  writer.drop(0, 1);
  writer.put(7, 0, "", []);
  const rest = writer.take();
  assert.deepEqual([[...rest.bytes], rest.fds], [[...all, 7, 0, 0, 0, 0, 0, 8, 0], [71]]);
  assert.equal(writer.lengthBytes, 0);
});

test("messages that are too short, too long or lie about their lengths are refused", () => {
  const words = Uint32Array.of(5, 0, 0x6162_6364, 0x6566_6700);
  const read = (types: string, ...payload: number[]): unknown =>
    readArguments(Uint32Array.from([0, 0, ...payload]), 2, 2 + payload.length, types, noFd);
  assert.equal(read("uu", 1), "argument");
  assert.equal(read("u", 1, 2), "length");
  assert.equal(read("", 1), "length");
  assert.equal(read("s", 9, words[2]!, words[3]!), "argument", "longer than the message");
  assert.equal(read("s", 0xffff_ffff, words[2]!), "argument");
  assert.equal(read("a", 0xffff_fffd), "argument");
  assert.equal(read("s", 4, 0x6162_6364), "argument", "no NUL");
  assert.equal(read("s", 4), "argument");
  assert.deepEqual(read("s", 0), [""], "the null string");
  assert.deepEqual(read("a", 3, 0x0003_0201), [Uint8Array.of(1, 2, 3)]);
});

test("what cannot be told in a message is refused before it is sent", () => {
  const writer = new MessageWriter();
  writer.put(1, 1, "u", [7]);
  assert.throws(() => writer.put(2, 1, "s", ["x".repeat(70_000)]), RangeError);
  assert.throws(() => writer.put(2, 1, "s", ["a\0b"]), RangeError);
  writer.put(3, 1, "u", [8]);
  assert.deepEqual(Array.from(wordsOf(writer)), [1, 0xc_0001, 7, 3, 0xc_0001, 8], "nothing of it is left");
});

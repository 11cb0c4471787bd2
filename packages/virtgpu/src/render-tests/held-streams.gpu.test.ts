/** Streams that would write a resource which is read elsewhere are found before they run, others are not. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { SegmentId } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { RenderFixture } from "./render-fixture.js";

const fixture = new RenderFixture();
after(() => fixture[Symbol.dispose]());

const [FRONT, BACK] = [11, 12];
const shape = {
  format: v.VirglFormat.R8G8B8A8_UNORM,
  bind: v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW,
  width: 8,
  height: 8,
};
for (const id of [FRONT, BACK]) assert.equal(fixture.texture(id, shape), 0);
const setUp = new StreamBuilder()
  .createSubContext(1)
  .setSubContext(1)
  .createSurface(1, FRONT, shape.format)
  .createSurface(2, BACK, shape.format)
  .setFramebuffer([1]);
assert.equal(fixture.submit(setUp), 0, fixture.log.join("\n"));

/** Whether the stream must wait while FRONT is read. */
function mustWait(words: Uint32Array): boolean {
  const bytes = new Uint8Array(words.slice().buffer);
  const stream = { id: 0 as SegmentId, bytes };
  return fixture.renderer.writesHeld(1, stream, 0, words.length, (id) => id === FRONT);
}

const clear = (stream: StreamBuilder): StreamBuilder => stream.clear(v.PIPE_CLEAR_COLOR0, [1, 0, 0, 1]);

test("what is bound since before, bound by the stream, or made by the stream counts, once something is drawn", () => {
  assert.ok(mustWait(clear(new StreamBuilder()).build()));
  assert.ok(!mustWait(new StreamBuilder().setFramebuffer([1]).build()), "nothing is drawn");
  assert.ok(!mustWait(clear(new StreamBuilder().setFramebuffer([2])).build()), "the other buffer");
  assert.ok(mustWait(clear(clear(new StreamBuilder().setFramebuffer([2])).setFramebuffer([1])).build()));
  assert.ok(mustWait(clear(new StreamBuilder().createSurface(3, FRONT, shape.format).setFramebuffer([3])).build()));
  assert.ok(!mustWait(clear(new StreamBuilder().createSurface(1, BACK, shape.format).setFramebuffer([1])).build()));
});

test("each sub-context has its own surfaces and its own target", () => {
  const stream = (): StreamBuilder => new StreamBuilder();
  assert.equal(fixture.submit(stream().createSubContext(2).setSubContext(2).createSurface(1, BACK, shape.format)), 0);
  // The current one is now 2, in which nothing is bound and handle 1 is another surface.
  assert.ok(!mustWait(clear(stream()).build()));
  assert.ok(!mustWait(clear(stream().setFramebuffer([1])).build()));
  assert.ok(mustWait(clear(stream().setSubContext(1)).build()));
  assert.ok(mustWait(clear(stream().setSubContext(1).setFramebuffer([1])).build()));
  assert.ok(!mustWait(clear(stream().setSubContext(1).setSubContext(2)).build()));
  const made = stream().createSubContext(3).setSubContext(3).createSurface(9, FRONT, shape.format).setFramebuffer([9]);
  assert.ok(mustWait(clear(made).build()));
  assert.equal(fixture.submit(stream().setSubContext(1)), 0);
});

test("a sub-context that the stream ends is not drawn to; one that never was ends the look, as it ends the stream", () => {
  const stream = (): StreamBuilder => new StreamBuilder();
  // Sub-context 1 is current and has FRONT bound; 0 has nothing bound, 2 has BACK.
  assert.ok(!mustWait(clear(stream().destroySubContext(1)).build()), "0 is current after its end");
  assert.ok(!mustWait(clear(stream().destroySubContext(1).createSubContext(1).setSubContext(1)).build()), "made anew");
  assert.ok(mustWait(clear(stream().destroySubContext(2)).build()), "the end of another");
  assert.ok(!mustWait(clear(stream().setSubContext(77).setSubContext(1)).build()), "there is no 77");
  assert.ok(!mustWait(clear(stream().createSubContext(1).setSubContext(1)).build()), "there is one already");
  const many = stream();
  for (let id = 100; id < 400; id++) many.createSubContext(id);
  assert.ok(!mustWait(clear(many).build()), "more than a context may have");
});

test("copies, blits and inline writes count by where they go", () => {
  const command = (number: number, length: number, fields: Record<number, number>): Uint32Array => {
    const words = new Uint32Array(length + 1);
    words[0] = (length << 16) | number;
    for (const [index, value] of Object.entries(fields)) words[Number(index)] = value;
    return words;
  };
  for (const [target, expected] of [
    [FRONT, true],
    [BACK, false],
  ] as const) {
    assert.equal(mustWait(command(v.VIRGL_CCMD_BLIT, 21, { 4: target, 13: FRONT })), expected);
    assert.equal(mustWait(command(v.VIRGL_CCMD_RESOURCE_COPY_REGION, 13, { 1: target, 6: FRONT })), expected);
    assert.equal(mustWait(command(v.VIRGL_CCMD_RESOURCE_INLINE_WRITE, 12, { 1: target })), expected);
  }
});

test("streams that are cut off or lie about their lengths end the look", () => {
  assert.ok(!mustWait(Uint32Array.of((100 << 16) | v.VIRGL_CCMD_BLIT, 0, 0)));
  assert.ok(!mustWait(Uint32Array.of((1 << 16) | v.VIRGL_CCMD_SET_FRAMEBUFFER_STATE, 0xffffffff)));
  assert.ok(!mustWait(Uint32Array.of((0 << 16) | v.VIRGL_CCMD_BLIT)));
});

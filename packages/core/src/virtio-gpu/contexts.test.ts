import assert from "node:assert/strict";
import { test } from "node:test";
import type { GuestErrorCode } from "../base/index.js";
import { type CompletionSink, NullRenderer } from "../renderer/index.js";
import { DeviceOnQueue, type RequestOptions } from "../testing/device-on-queue.js";
import { FenceTimelines, type PendingRequest } from "./fence-timelines.js";
import * as p from "./protocol.js";

const {
  VIRTIO_GPU_RESP_OK_NODATA: OK,
  VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER,
  VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID: BAD_CONTEXT,
  VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED,
  VIRTIO_GPU_CMD_CTX_CREATE: CTX_CREATE,
} = p;
const FENCE_ON_RING = p.VIRTIO_GPU_FLAG_FENCE | p.VIRTIO_GPU_FLAG_INFO_RING_IDX;

/** Signals fences in whatever order the test wants. */
class SlowRenderer extends NullRenderer {
  readonly asked: { contextId: number; fenceId: number }[] = [];
  readonly contexts: string[] = [];
  readonly #signalled: number[] = [];

  constructor() {
    const bytes = new Uint8Array(308);
    super({ capsets: [1, 2].map((id) => ({ id, version: 1, bytes })) });
  }

  override createContext(contextId: number, capsetId = 0): GuestErrorCode {
    this.contexts.push(`${contextId}: ${capsetId}`);
    return super.createContext(contextId);
  }

  override createFence(contextId: number, fenceId: number): void {
    this.asked.push({ contextId, fenceId });
  }

  /** The nth fence that was asked for is done. */
  signal(n: number): void {
    this.#signalled.push(n);
  }

  override poll(sink: CompletionSink): void {
    for (const n of this.#signalled.splice(0)) sink.fenceSignalled(this.asked[n]!.contextId, this.asked[n]!.fenceId);
  }

  override finish(): void {
    this.asked.forEach((_, n) => this.signal(n));
  }
}

function setUp() {
  const renderer = new SlowRenderer();
  const fixture = DeviceOnQueue.create(renderer);
  const create = (contextId: number, init = 0, options: RequestOptions = {}) =>
    fixture.type(CTX_CREATE, [4, init, ...new Array<number>(16).fill(0x41414141)], { contextId, ...options });
  /** A request that does nothing, with a fence. @returns its head */
  const fenced = (fenceId: number, contextId: number, ringIndex: number | null = null): number =>
    fixture.submit(p.VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE, [1, 0], {
      fenceId,
      contextId,
      ringIndex: ringIndex ?? 0,
      flags: ringIndex === null ? p.VIRTIO_GPU_FLAG_FENCE : FENCE_ON_RING,
    }).head;
  const answered = (): number[] => {
    fixture.device.poll();
    const heads: number[] = [];
    for (let used = fixture.driver.takeUsed(); used !== null; used = fixture.driver.takeUsed()) heads.push(used.head);
    return heads;
  };
  return { fixture, renderer, create, fenced, answered };
}

test("a context is made for the capset that it names; 0 leaves the choice to the device", () => {
  const { create, renderer } = setUp();
  assert.equal(create(1, 2), OK);
  assert.equal(create(2, 0), OK);
  assert.deepEqual(renderer.contexts, ["1: 2", "2: 0"]);
  assert.equal(create(3, 3), BAD_PARAMETER, "a capset that is not offered");
  assert.equal(create(3, 0x100), BAD_PARAMETER, "bits that are not defined");
  assert.equal(create(3, 0x102), BAD_PARAMETER, "a known capset with undefined bits");
  assert.equal(create(1, 1), BAD_CONTEXT, "the id is in use");
  assert.equal(create(0, 1), BAD_CONTEXT, "0 is no context");
  assert.equal(create(3, 1), OK, "nothing was kept of the refused ones");
});

test("without context_init the field is padding and the ring means nothing", () => {
  const { fixture, create, renderer, fenced, answered } = setUp();
  fixture.device.setFeatures(1n << BigInt(p.VIRTIO_GPU_F_VIRGL));
  assert.equal(create(1, 0xdeadbeef), OK);
  assert.deepEqual(renderer.contexts, ["1: 0"]);
  const heads = [fenced(1, 1, 5), fenced(2, 99, 200)];
  renderer.signal(1);
  assert.deepEqual(answered(), heads, "one timeline for all");
});

test("rings are timelines of their own; on one ring an answer brings those before it", () => {
  const { create, fenced, answered, renderer } = setUp();
  for (const id of [1, 2]) create(id);
  const onRing0 = [fenced(1, 1, 0), fenced(2, 1, 0)];
  const onRing1 = fenced(1, 1, 1);
  const ofOther = fenced(1, 2, 0);
  const device = fenced(7, 1);
  renderer.signal(3);
  assert.deepEqual(answered(), [ofOther], "another context's ring 0 is another timeline");
  renderer.signal(1);
  assert.deepEqual(answered(), onRing0, "in order");
  renderer.signal(0);
  assert.deepEqual(answered(), [], "answered once");
  renderer.signal(4);
  assert.deepEqual(answered(), [device]);
  renderer.signal(2);
  assert.deepEqual(answered(), [onRing1]);
});

test("an answer repeats its ring", () => {
  const { fixture, create, renderer } = setUp();
  create(1);
  const { answerAt } = fixture.submit(p.VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE, [1, 0], {
    fenceId: 11,
    contextId: 1,
    ringIndex: 63,
    flags: FENCE_ON_RING,
  });
  renderer.signal(0);
  fixture.device.poll();
  const answer = fixture.answer(answerAt);
  assert.deepEqual(
    [4, 8, 16, 20].map((at) => answer.getUint32(at, true)),
    [FENCE_ON_RING, 11, 1, 63],
  );
});

test("rings that cannot be are refused before anything runs", () => {
  const { fixture, create, renderer } = setUp();
  create(1);
  const on = (contextId: number, ringIndex: number) =>
    fixture.submit(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4], {
      contextId,
      ringIndex,
      flags: p.VIRTIO_GPU_FLAG_INFO_RING_IDX,
    });
  const type = ({ answerAt }: { answerAt: number }): number => fixture.answer(answerAt).getUint32(0, true);
  assert.equal(type(on(1, 64)), BAD_PARAMETER);
  assert.equal(type(on(1, 255)), BAD_PARAMETER);
  assert.equal(type(on(2, 0)), BAD_CONTEXT);
  assert.equal(type(on(0, 0)), BAD_CONTEXT);
  assert.equal(type(on(1, 63)), OK, "the resource was not made before");
  assert.equal(renderer.asked.length, 0, "no fence was asked for");
});

test("memory that changes, a queue that stops and a reset find no request in flight", () => {
  const { fixture, create, fenced, answered, renderer } = setUp();
  create(1);
  const before = [fenced(1, 1, 3), fenced(2, 1)];
  fixture.changeMemory(fixture.region(0, fixture.ram.length, fixture.remapped()));
  assert.deepEqual(answered(), before, "answered in the old memory");
  const stopped = fenced(3, 1, 3);
  fixture.device.settle();
  assert.deepEqual(answered(), [stopped]);
  fenced(4, 1, 3);
  fixture.device.reset();
  renderer.finish();
  assert.deepEqual(answered(), [], "forgotten");
  assert.equal(fixture.device.pendingCount, 0);
});

test("a question for modes outlives a change of memory, and its answer is the new one", () => {
  const fixture = DeviceOnQueue.create2d();
  const { display, device } = fixture;
  display.waiting = [];
  const question = fixture.submit(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, []);
  fixture.changeMemory(fixture.region(0, fixture.ram.length, fixture.remapped()));
  assert.equal(fixture.driver.takeUsed(), null);
  display.size = { width: 640, height: 480 };
  display.waiting.shift()!();
  assert.equal(fixture.driver.takeUsed()?.head, question.head);
  const answer = fixture.answer(question.answerAt);
  assert.deepEqual([answer.getUint32(24 + 8, true), answer.getUint32(24 + 12, true)], [640, 480]);

  const stopped = fixture.submit(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, []);
  device.settle();
  assert.equal(fixture.driver.takeUsed()?.head, stopped.head, "a queue that stops does not wait for the display");

  const lost = fixture.submit(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, []);
  fixture.changeMemory(fixture.region(0, 0x1_0000));
  for (const done of display.waiting.splice(0)) done();
  assert.deepEqual(
    fixture.driver.takeUsed(),
    { head: lost.head, writtenBytes: 0 },
    "its memory is gone: given back empty",
  );
});

test("the display's change is an event until the driver clears it", () => {
  const { device } = DeviceOnQueue.create2d();
  assert.equal(device.config.events, 0);
  device.displayChanged();
  assert.equal(device.config.events, p.VIRTIO_GPU_EVENT_DISPLAY);
  device.clearEvents(2);
  assert.equal(device.config.events, p.VIRTIO_GPU_EVENT_DISPLAY);
  device.clearEvents(p.VIRTIO_GPU_EVENT_DISPLAY);
  assert.equal(device.config.events, 0);
});

test("capset index and size out of range are refused (CVE-2021-3545, CVE-2021-3546)", () => {
  const { fixture } = setUp();
  for (const index of [2, 3, 0x7fffffff, 0xffffffff])
    assert.equal(fixture.type(p.VIRTIO_GPU_CMD_GET_CAPSET_INFO, [index, 0]), BAD_PARAMETER);
  for (const [id, version] of [
    [0, 0],
    [3, 0],
    [1, 2],
    [0xffffffff, 0xffffffff],
  ] as const)
    assert.equal(fixture.type(p.VIRTIO_GPU_CMD_GET_CAPSET, [id, version]), BAD_PARAMETER);
  assert.equal(fixture.send(p.VIRTIO_GPU_CMD_GET_CAPSET, [1, 1]).byteLength, 24 + 308);
});

test("contexts are used between creation and destruction only, resources between creation and unref", () => {
  const { fixture, create } = setUp();
  const attach = (contextId: number, id: number) =>
    fixture.type(p.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [id, 0], { contextId });
  const submit = (contextId: number) => fixture.type(p.VIRTIO_GPU_CMD_SUBMIT_3D, [4, 0, 0], { contextId });
  assert.equal(attach(1, 1), BAD_CONTEXT);
  assert.equal(submit(1), BAD_CONTEXT);
  create(1);
  assert.equal(attach(1, 1), p.VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4]), OK);
  assert.equal(attach(1, 1), OK);
  assert.equal(submit(1), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0]), OK);
  assert.equal(attach(1, 1), p.VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_CTX_DESTROY, [], { contextId: 1 }), OK);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_CTX_DESTROY, [], { contextId: 1 }), BAD_CONTEXT);
  assert.equal(submit(1), BAD_CONTEXT);
  assert.equal(fixture.type(p.VIRTIO_GPU_CMD_SUBMIT_3D, [0xfffffffc, 0], { contextId: 1 }), BAD_CONTEXT);
  create(1);
  for (const size of [0xfffffffc, 8, 3]) {
    assert.equal(
      fixture.type(p.VIRTIO_GPU_CMD_SUBMIT_3D, [size, 0, 0], { contextId: 1 }),
      BAD_PARAMETER,
      `${size} bytes`,
    );
  }
  assert.equal(fixture.type(0x20f, [], { contextId: 1 }), UNSPECIFIED);
});

test("an unknown fence is nobody's", () => {
  const timelines = new FenceTimelines();
  const done: PendingRequest[] = [];
  timelines.signal(5, (request) => done.push(request));
  assert.deepEqual([done.length, timelines.size], [0, 0]);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { CopyReason } from "../memory/index.js";
import { DeviceOnQueue, PIXELS } from "../testing/device-on-queue.js";
import * as p from "./protocol.js";

const HEADER = p.VIRTIO_GPU_CTRL_HDR_BYTES;

/** The fixture with its verbs as functions. */
function setUp() {
  const fixture = DeviceOnQueue.create2d();
  const { device, display, renderer, ledger, ram } = fixture;
  const send = (...args: Parameters<DeviceOnQueue["send"]>): DataView => fixture.send(...args);
  const type = (...args: Parameters<DeviceOnQueue["type"]>): number => fixture.type(...args);
  return { send, type, device, display, renderer, ledger, ram };
}

const { VIRTIO_GPU_RESP_OK_NODATA: OK, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER: BAD_PARAMETER } = p;
const { VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID: BAD_RESOURCE, VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID: BAD_SCANOUT } =
  p;
const { VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED } = p;

test("a frame goes from scattered guest pages to the scanout", () => {
  const { type, display, renderer, ledger, ram } = setUp();
  const [width, height] = [16, 8];
  for (let i = 0; i < width * height * 4; i++) ram[i < 256 ? PIXELS + 4096 + i : PIXELS + i - 256] = i & 0xff;
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [5, 2, width, height]), OK);
  const entries = [PIXELS + 4096, 0, 256, 0, PIXELS, 0, 256, 0];
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [5, 2, ...entries]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [4, 0, 12, 8, 0, 5]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, width, height, 0, 0, 5, 0]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 2, width, 3, 5, 0]), OK);
  assert.deepEqual(display.events, ["scanout 0 shows 5", "flush 0 of 5: 0,2 12x3"]);
  assert.deepEqual(
    [...renderer.pixels(5)!.pixels],
    Array.from({ length: 512 }, (_, i) => i & 0xff),
  );
  assert.equal(ledger.resource(5)?.total[CopyReason.UPLOAD], 512);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [5, 0]), OK);
  assert.equal(display.events.at(-1), "scanout 0 off");
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 1, 1, 5, 0]), BAD_RESOURCE);
});

test("display info and EDID name the mode; a scanout that is off has none", () => {
  const { send, type } = setUp();
  const info = send(p.VIRTIO_GPU_CMD_GET_DISPLAY_INFO, []);
  assert.equal(info.byteLength, HEADER + 16 * 24);
  const words = [8, 12, 16, 24 + 16].map((at) => info.getUint32(HEADER + at, true));
  assert.deepEqual(words, [1024, 768, 1, 0]);
  const edid = send(p.VIRTIO_GPU_CMD_GET_EDID, [0, 0]);
  assert.equal(edid.getUint32(0, true), p.VIRTIO_GPU_RESP_OK_EDID);
  assert.equal(edid.getUint32(HEADER, true), 128);
  assert.equal(send(p.VIRTIO_GPU_CMD_GET_EDID, [1, 0]).getUint32(HEADER, true), 0);
  assert.equal(type(p.VIRTIO_GPU_CMD_GET_EDID, [2, 0]), BAD_SCANOUT);
});

test("a fenced request is answered with its fence", () => {
  const { send, device } = setUp();
  const answer = send(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4], { flags: p.VIRTIO_GPU_FLAG_FENCE });
  assert.deepEqual([answer.getUint32(0, true), answer.getUint32(4, true), answer.getUint32(8, true)], [OK, 1, 0x1234]);
  assert.equal(device.pendingCount, 0);
});

test("two heads show one resource, each its own part", () => {
  const { type, display } = setUp();
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [5, 2, 16, 16]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 8, 8, 0, 5]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [4, 4, 8, 8, 1, 5]), OK);
  display.events.length = 0;
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [6, 6, 4, 4, 5, 0]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [12, 12, 4, 4, 5, 0]), OK, "no head shows it");
  assert.deepEqual(display.events, ["flush 0 of 5: 6,6 2x2", "flush 1 of 5: 2,2 4x4"]);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [5, 0]), OK);
  assert.deepEqual(
    display.events.filter((event) => event.startsWith("scanout")),
    ["scanout 0 off", "scanout 1 off"],
  );
});

test("cursor commands belong to the cursor queue", () => {
  const { type, display } = setUp();
  const move = [0, 30, 40, 0, 0, 0, 0, 0];
  assert.equal(type(p.VIRTIO_GPU_CMD_MOVE_CURSOR, move, { on: "cursor" }), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_MOVE_CURSOR, move), UNSPECIFIED);
  assert.equal(type(p.VIRTIO_GPU_CMD_UPDATE_CURSOR, [0, 1, 2, 0, 77, 0, 0, 0], { on: "cursor" }), BAD_RESOURCE);
  assert.deepEqual(display.events, ["cursor of 0 to 30,40"]);
});

test("the same resource has the same UUID, another has another", () => {
  const { send, type } = setUp();
  for (const id of [1, 2]) assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 1, 4, 4]), OK);
  const uuid = (id: number) =>
    [...new Uint8Array(send(p.VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, [id, 0]).buffer, HEADER, 16)].join();
  assert.equal(uuid(1), uuid(1));
  assert.notEqual(uuid(1), uuid(2));
});

test("what the renderer cannot do is not offered and is refused", () => {
  const { device, type } = setUp();
  assert.equal(device.offeredFeatures, (1n << 1n) | (1n << 2n) | (1n << 3n));
  assert.equal(device.config.capsets, 0);
  for (const command of [p.VIRTIO_GPU_CMD_CTX_CREATE, p.VIRTIO_GPU_CMD_GET_CAPSET_INFO, 0x999]) {
    assert.equal(type(command, new Array<number>(20).fill(0)), UNSPECIFIED);
  }
});

test("bad requests get the protocol's error and change nothing", () => {
  const { type, ram } = setUp();
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 16, 16]), OK);
  const page = [PIXELS, 0, 1024, 0];
  const refused: [string, number, number[], number][] = [
    ["id 0", p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [0, 1, 4, 4], BAD_RESOURCE],
    ["id in use", p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 4, 4], BAD_RESOURCE],
    ["a format that is not 2D", p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 5, 4, 4], BAD_PARAMETER],
    ["no size", p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 0, 4], BAD_PARAMETER],
    ["a size that overflows", p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [2, 1, 0xffffffff, 0xffffffff], BAD_PARAMETER],
    ["no entries", p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 0], BAD_PARAMETER],
    ["more entries than sent", p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 2, ...page], BAD_PARAMETER],
    ["entries without end", p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 0xffffffff, ...page], BAD_PARAMETER],
    [
      "an entry outside memory",
      p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING,
      [1, 1, (1 << 20) - 4, 0, 8, 0],
      BAD_PARAMETER,
    ],
    ["an entry above 2^53", p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, 0, 0xffffffff, 8, 0], BAD_PARAMETER],
    ["detach before attach", p.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0], UNSPECIFIED],
    ["transfer without backing", p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 16, 16, 0, 0, 1, 0], BAD_PARAMETER],
    ["unref of nothing", p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [9, 0], BAD_RESOURCE],
    ["a scanout too many", p.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 4, 4, 2, 1], BAD_SCANOUT],
    ["a scanout larger than its resource", p.VIRTIO_GPU_CMD_SET_SCANOUT, [0xfffffff0, 0, 32, 4, 0, 1], BAD_PARAMETER],
    ["a flush outside", p.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, 17, 1, 1, 0], BAD_PARAMETER],
  ];
  for (const [name, command, words, expected] of refused) assert.equal(type(command, words), expected, name);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, ...page]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, ...page]), UNSPECIFIED, "attached twice");
  const transfer = (offset: number, high = 0) =>
    type(p.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, 16, 16, offset, high, 1, 0]);
  assert.equal(transfer(0), OK);
  assert.equal(transfer(4), BAD_PARAMETER, "past the backing");
  assert.equal(transfer(0, 0xffffffff), BAD_PARAMETER, "an offset above 2^53");
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [], {}), BAD_PARAMETER, "without its field");
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1], { cut: 20 }), UNSPECIFIED, "without a whole header");
  assert.ok(ram.length === 1 << 20);
});

test("a reset leaves nothing behind", () => {
  const { type, device, display } = setUp();
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 16, 16]), OK);
  assert.equal(type(p.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 4, 4, 0, 1]), OK);
  device.reset();
  assert.equal(display.events.at(-1), "scanout 0 off");
  assert.equal(type(p.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, 16, 16]), OK, "the id is free again");
  assert.equal(type(p.VIRTIO_GPU_CMD_GET_EDID, [0, 0]), UNSPECIFIED, "no feature is accepted after a reset");
});

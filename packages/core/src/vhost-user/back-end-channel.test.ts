import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLogger } from "../base/index.js";
import { readMemoryMap } from "../testing/back-end-listener.js";
import {
  BackEndChannel,
  type Fd,
  VHOST_USER_NEED_REPLY,
  VHOST_USER_REPLY,
  VHOST_USER_VERSION,
  VhostUserBackEndRequest as B,
  VhostUserProtocolFeature as F,
} from "./index.js";

const REPLY = VHOST_USER_VERSION | VHOST_USER_REPLY;
const UUID = Uint8Array.from({ length: 16 }, (_, i) => i);
const RANGE = { shmId: 1, shmOffset: 0x2000, lengthBytes: 0x1000 };

function setUp(features: readonly bigint[] = Object.values(F)) {
  const sent: { request: number; flags: number; payload: Uint8Array; fds: readonly number[] }[] = [];
  const closed: number[] = [];
  const state = { takes: true };
  const channel = new BackEndChannel({
    send: (message, fds) => {
      const view = new DataView(message.buffer);
      const payload = message.slice(12);
      assert.equal(view.getUint32(8, true), payload.length);
      sent.push({ request: view.getUint32(0, true), flags: view.getUint32(4, true), payload, fds });
      return state.takes;
    },
    hasProtocolFeature: (bit) => features.includes(bit),
    closeFd: (fd) => void closed.push(fd),
    logger: silentLogger,
  });
  const reply = (request: number, value: bigint, fds: number[] = [], flags = REPLY) =>
    channel.handle(request, flags, new Uint8Array(BigUint64Array.of(value).buffer), fds as Fd[]);
  return { channel, sent, closed, state, reply };
}

test("a mapping is asked for with its file and is done when the front-end says so", () => {
  const { channel, sent, reply } = setUp();
  const outcomes: boolean[] = [];
  channel.map(RANGE, 40, 0x3000, (isMapped) => outcomes.push(isMapped));
  channel.unmap(RANGE, (isUnmapped) => outcomes.push(isUnmapped));
  assert.deepEqual(outcomes, []);
  assert.deepEqual(
    sent.map(({ request, flags, fds }) => [request, flags, fds]),
    [
      [B.SHMEM_MAP, VHOST_USER_VERSION | VHOST_USER_NEED_REPLY, [40]],
      [B.SHMEM_UNMAP, VHOST_USER_VERSION | VHOST_USER_NEED_REPLY, []],
    ],
  );
  assert.deepEqual(readMemoryMap(sent[0]!.payload), { ...RANGE, fdOffset: 0x3000, flags: 1n });
  assert.equal(sent[0]!.payload.length, 40);
  assert.ok(reply(B.SHMEM_MAP, 1n).ok);
  assert.ok(reply(B.SHMEM_UNMAP, 0n).ok);
  assert.deepEqual(outcomes, [false, true]);
});

test("without an acknowledgement the mapping counts as done; without the feature it fails", () => {
  for (const [missing, expected, requests] of [
    [F.REPLY_ACK, true, 1],
    [F.SHMEM, false, 0],
    [F.BACKEND_SEND_FD, false, 0],
    [F.BACKEND_REQ, false, 0],
  ] as const) {
    const { channel, sent } = setUp(Object.values(F).filter((bit) => bit !== missing));
    let outcome: boolean | null = null;
    channel.map(RANGE, 40, 0, (isMapped) => (outcome = isMapped));
    assert.deepEqual([outcome, sent.length], [expected, requests], `without feature ${missing}`);
  }
});

test("objects are announced, withdrawn and looked up by UUID", () => {
  const { channel, sent, reply, closed } = setUp();
  channel.addObject(UUID);
  channel.removeObject(UUID);
  const found: (number | null)[] = [];
  for (let i = 0; i < 3; i++) channel.lookUpObject(UUID, (fd) => found.push(fd));
  assert.deepEqual(
    sent.map(({ request, payload }) => [request, [...payload]]),
    [B.SHARED_OBJECT_ADD, B.SHARED_OBJECT_REMOVE, ...new Array<number>(3).fill(B.SHARED_OBJECT_LOOKUP)].map((id) => [
      id,
      [...UUID],
    ]),
  );
  assert.ok(reply(B.SHARED_OBJECT_LOOKUP, 0n, [51, 52]).ok);
  assert.ok(reply(B.SHARED_OBJECT_LOOKUP, 1n, [53]).ok);
  assert.ok(reply(B.SHARED_OBJECT_LOOKUP, 0n).ok);
  assert.deepEqual(
    [found, closed],
    [
      [51, null, null],
      [52, 53],
    ],
  );
});

test("a change of the configuration is told", () => {
  const { channel, sent } = setUp();
  channel.configChanged();
  assert.deepEqual(sent, [
    { request: B.CONFIG_CHANGE_MSG, flags: VHOST_USER_VERSION, payload: new Uint8Array(0), fds: [] },
  ]);
});

test("replies that break the protocol are refused, their descriptors closed", () => {
  const cases: [string, number, number, Uint8Array][] = [
    ["to another request", B.SHMEM_UNMAP, REPLY, new Uint8Array(8)],
    ["too short", B.SHMEM_MAP, REPLY, new Uint8Array(4)],
    ["too long", B.SHMEM_MAP, REPLY, new Uint8Array(16)],
    ["not a reply", B.SHMEM_MAP, VHOST_USER_VERSION, new Uint8Array(8)],
    ["of another version", B.SHMEM_MAP, VHOST_USER_REPLY | 2, new Uint8Array(8)],
  ];
  for (const [name, request, flags, payload] of cases) {
    const { channel, closed } = setUp();
    let outcome: boolean | null = null;
    channel.map(RANGE, 40, 0, (isMapped) => (outcome = isMapped));
    assert.equal(channel.handle(request, flags, payload, [60 as Fd]).ok, false, name);
    assert.deepEqual([outcome, closed], [null, [60]], name);
    channel.close();
    assert.equal(outcome, false, "what was under way has failed");
  }
  assert.equal(setUp().reply(B.SHMEM_MAP, 0n).ok, false, "a reply to nothing");
});

test("a front-end that never answers or no longer reads is not asked for ever", () => {
  const { channel, sent } = setUp();
  let failures = 0;
  for (let i = 0; i < 2000; i++) channel.map(RANGE, 40, 0, () => failures++);
  assert.deepEqual([sent.length, failures], [1024, 976]);
  const stuck = setUp();
  stuck.state.takes = false;
  let outcome: boolean | null = null;
  stuck.channel.map(RANGE, 40, 0, (isMapped) => (outcome = isMapped));
  assert.deepEqual([outcome, stuck.channel.canMap], [false, false]);
});

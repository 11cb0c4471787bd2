// What keeps one client's process from reaching the server and its other clients, taken out one by one. See scripts/test-mutations.mjs.
const PROCESS = "packages/virtgpu/src/host/client-process.ts";
const SCHEMA = "packages/virtgpu/src/host/child-message-schema.ts";
const MESSAGES = "packages/virtgpu/src/host/child-messages.ts";

const served = ["--test", "--test-name-pattern=taken over", "packages/virtgpu/dist/host/serve-process.gpu.test.js"];
const believed = ["--test", "packages/virtgpu/dist/host/child-message-schema.test.js"];

export const mutations = [
  {
    name: "the server believes whatever a client process says",
    edits: [
      {
        file: PROCESS,
        from: "this.#onMessage(parseChildMessage(line));",
        to: "this.#onMessage(JSON.parse(line) ?? parseChildMessage(line));",
      },
    ],
    run: served,
    finds: /^not ok/m,
  },
  {
    name: "a client process counts infinitely much",
    edits: [{ file: SCHEMA, from: "v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER)", to: "v.minValue(0)" }],
    run: believed,
    finds: /^not ok/m,
  },
  {
    name: "a log line of a client process sets the logger's own fields",
    edits: [{ file: SCHEMA, from: "if (OWN_FIELDS.has(key) || ", to: 'if (OWN_FIELDS.has("") || ' }],
    run: believed,
    finds: /^not ok/m,
  },
  {
    name: "the sums over clients take every name",
    edits: [{ file: MESSAGES, from: "++names > MAX_SUMMED_NAMES", to: "++names > MAX_SUMMED_NAMES * 1e6" }],
    run: believed,
    finds: /^not ok/m,
  },
];

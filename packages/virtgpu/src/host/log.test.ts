import assert from "node:assert/strict";
import { test } from "node:test";
import { createLogger } from "./log.js";

function lines(
  json: boolean,
  level: "debug" | "warn" = "debug",
): { log: ReturnType<typeof createLogger>; out: string[] } {
  const out: string[] = [];
  return { log: createLogger({ level, json, write: (line) => void out.push(line) }), out };
}

test("JSON lines carry level, message, scope and fields", () => {
  const { log, out } = lines(true);
  log.scoped({ client: 3 }).warn("it happened", { sizeBytes: 12n });
  assert.equal(out.length, 1);
  const record = JSON.parse(out[0]!) as Record<string, unknown>;
  assert.equal(record["level"], "warn");
  assert.equal(record["msg"], "it happened");
  assert.equal(record["client"], 3);
  assert.equal(record["sizeBytes"], "12");
});

test("lines for people show fields and make a client's control characters visible", () => {
  const { log, out } = lines(false);
  log.info("client connected", { name: "a\u001b[2Jb c" });
  assert.match(out[0]!, /^\d\d:\d\d:\d\d\.\d{3} info  client connected name="a\\u001b\[2Jb c"\n$/);
  log.report("done", { counters: { glErrors: 0 } });
  assert.match(out[1]!, /counters=\{"glErrors":0\}\n$/);
});

test("lines below the level are dropped", () => {
  const { log, out } = lines(true, "warn");
  log.info("quiet");
  log.error("loud");
  assert.equal(out.length, 1);
});

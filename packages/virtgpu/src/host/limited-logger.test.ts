import assert from "node:assert/strict";
import { test } from "node:test";
import { type LogFields, silentLogger } from "@virtgpu/core/base";
import { limitedLogger } from "./limited-logger.js";

test("a guest that makes errors for ever fills no log; what was left out is told", () => {
  const written: LogFields[] = [];
  let nowMs = 0;
  const logger = limitedLogger({ ...silentLogger, warn: (_message, fields = {}) => written.push(fields) }, () => nowMs);
  for (let i = 0; i < 100_000; i++) logger.warn("again", { i });
  assert.equal(written.length, 4000);
  nowMs = 1_000;
  for (let i = 0; i < 100_000; i++) logger.warn("again", { i });
  assert.equal(written.length, 4002, "two more after a second");
  assert.deepEqual(written[4000], { i: 0, droppedLinesBefore: 96_000 });
  assert.deepEqual(written[4001], { i: 1 });
});

test("few lines are all written, whatever their level", () => {
  const levels: string[] = [];
  const note = (level: string) => (): void => void levels.push(level);
  const target = { debug: note("debug"), info: note("info"), warn: note("warn"), error: note("error") };
  const logger = limitedLogger(target);
  logger.debug("a");
  logger.info("b");
  logger.warn("c");
  logger.error("d");
  assert.deepEqual(levels, ["debug", "info", "warn", "error"]);
});

import type { LogFields, Logger } from "@virtgpu/core/base";

/** Lines that may come at once, and how many more a second brings. */
const BURST_LINES = 4000;
const LINES_PER_SECOND = 2;

/**
 * A logger for a device that lives as long as its guest: a guest that makes errors for ever must neither fill the log nor pile lines up
 * in front of whoever writes them. What was left out is counted in the next line that is not.
 * @param now milliseconds of a clock that never goes back
 */
export function limitedLogger(target: Logger, now: () => number = () => performance.now()): Logger {
  let lines = BURST_LINES;
  let refilledAtMs = now();
  let dropped = 0;
  const at =
    (level: keyof Logger) =>
    (message: string, fields: LogFields = {}): void => {
      const nowMs = now();
      lines = Math.min(BURST_LINES, lines + ((nowMs - refilledAtMs) / 1000) * LINES_PER_SECOND);
      refilledAtMs = nowMs;
      if (lines < 1) {
        dropped++;
        return;
      }
      lines--;
      target[level](message, dropped === 0 ? fields : { ...fields, droppedLinesBefore: dropped });
      dropped = 0;
    };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

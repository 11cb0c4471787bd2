/**
 * Logging of the Node side: pino behind core's `Logger`. Logs go to stderr, one line each, either for people
 * (`12:00:01.123 warn  message key=value`) or as JSON (`--log-json`). Results never come this way.
 */
import { pino } from "pino";
import type { LogFields, Logger } from "@virtgpu/core/base";

/** From loudest to quietest; the values of `--log-level`. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How loud, in which form, and where to. */
export interface LogOptions {
  readonly level: LogLevel;
  readonly json: boolean;
  /** Takes whole lines; stderr unless a test looks on. */
  readonly write?: (line: string) => void;
}

/** A logger whose lines can be tied to something (`client: 3`) once instead of in every call. */
export interface ScopedLogger extends Logger {
  scoped(fields: LogFields): ScopedLogger;
  /** An `info` line whose fields may be nested plain data. */
  report(message: string, data: Readonly<Record<string, unknown>>): void;
}

/** A logger as the programs have it. Writes are synchronous: a process that dies has told why. */
export function createLogger(options: LogOptions): ScopedLogger {
  const write = options.write ?? ((line: string) => void process.stderr.write(line));
  const sink = options.json ? write : (line: string) => write(formatForPeople(line));
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: sink },
  );
  return adapt(root);
}

/** The part of pino that we use; keeps its type parameters out of our signatures. */
interface PinoLike {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): PinoLike;
}

function adapt(target: PinoLike): ScopedLogger {
  return {
    debug: (message, fields) => target.debug(plain(fields), message),
    info: (message, fields) => target.info(plain(fields), message),
    warn: (message, fields) => target.warn(plain(fields), message),
    error: (message, fields) => target.error(plain(fields), message),
    report: (message, data) => target.info(data, message),
    scoped: (fields) => adapt(target.child(plain(fields))),
  };
}

/** JSON has no bigint. */
function plain(fields: LogFields | undefined): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields ?? {}))
    result[key] = typeof value === "bigint" ? value.toString() : value;
  return result;
}

const HIDDEN_KEYS = new Set(["level", "time", "msg"]);

/** Turns one JSON log line into one line for a terminal. Control characters (a client's words) are made visible. */
export function formatForPeople(jsonLine: string): string {
  const record = JSON.parse(jsonLine) as Record<string, unknown>;
  const time = String(record["time"]).slice(11, 23);
  let line = `${time} ${String(record["level"]).padEnd(5)} ${String(record["msg"])}`;
  for (const [key, value] of Object.entries(record)) {
    if (HIDDEN_KEYS.has(key)) continue;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    line += ` ${key}=${typeof value === "string" && /[\s"]/.test(text) ? JSON.stringify(text) : text}`;
  }
  return `${visible(line)}\n`;
}

function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

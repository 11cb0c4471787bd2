/** Structured logging, injected everywhere: `core` has no console. Messages are full sentences for people; fields are data. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** Data beside a log message. Keys are camelCase; numbers carry their unit in the key (`sizeBytes`). */
export type LogFields = Readonly<Record<string, string | number | bigint | boolean | undefined>>;

/** A logger that drops everything. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/**
 * Options of the verbs, defined once: commander reads them, the config file is checked against them, and the README
 * table, man page and completions are generated from them. A value from the command line (a string) and one from the
 * config file (JSON) pass the same schema.
 */
import { readFileSync } from "node:fs";
import { Option, type Command } from "commander";
import * as v from "valibot";
import { LOG_LEVELS } from "../host/log.js";
import { UsageError } from "./exit-status.js";

/** One option: its name without dashes, how it is shown, and what a value must be. */
export interface OptionSpec {
  /** `<x>`, `[x]` or empty for a switch. */
  readonly value: string;
  readonly help: string;
  readonly schema: v.GenericSchema<unknown, unknown>;
  /** Shown in help and tables where the schema fills it in. */
  readonly byDefault?: string;
  readonly choices?: readonly string[];
}
export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** The values of a table, by the flags' own names. */
export type OptionValues<T extends OptionTable> = { readonly [K in keyof T]: v.InferOutput<T[K]["schema"]> };

export const text = v.pipe(v.string(), v.minLength(1, "needs a value"));
export const flag = v.optional(v.boolean("is true or false"), false);

/** A whole number in [min, max], as a number or decimal text. */
export function wholeNumber(min: number, max: number, byDefault: number): v.GenericSchema<unknown, number> {
  return v.optional(wholeNumberIn(min, max), byDefault);
}

/** The same; undefined when it is not given. */
export function maybeWholeNumber(min: number, max: number): v.GenericSchema<unknown, number | undefined> {
  return v.optional(wholeNumberIn(min, max));
}

function wholeNumberIn(min: number, max: number): v.GenericSchema<number | string, number> {
  const range = `is a whole number from ${min} to ${max}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/, range), v.transform(Number))], range),
    v.integer(range),
    v.minValue(min, range),
    v.maxValue(max, range),
  );
}

/** Octal permission bits as in chmod: `0660`. */
export function permissionBits(byDefault: string): v.GenericSchema<unknown, number> {
  const rule = "is an octal mode such as 0660";
  return v.optional(
    v.pipe(
      v.string(rule),
      v.regex(/^0?[0-7]{3}$/, rule),
      v.transform((s) => Number.parseInt(s, 8)),
    ),
    byDefault,
  );
}

export function oneOf<const T extends readonly string[]>(
  values: T,
  byDefault: T[number],
): v.GenericSchema<unknown, T[number]> {
  return v.optional(v.picklist(values, `is one of ${values.join(", ")}`), byDefault);
}

export const commonOptions = {
  "log-level": {
    value: "<level>",
    help: "least severe log line to show",
    schema: oneOf(LOG_LEVELS, "info"),
    byDefault: "info",
    choices: LOG_LEVELS,
  },
  "log-json": { value: "", help: "log lines as JSON", schema: flag },
} satisfies OptionTable;

export const jsonOption = {
  json: { value: "", help: "print the result as JSON", schema: flag },
} satisfies OptionTable;

export const configOption = {
  config: { value: "<file>", help: "JSON file whose keys are these flags' names; flags win", schema: v.optional(text) },
} satisfies OptionTable;

/** Declares every option of `table` on `command`. */
export function declareOptions(command: Command, table: OptionTable): Command {
  for (const [name, spec] of Object.entries(table)) {
    const option = new Option(
      `--${name}${spec.value === "" ? "" : ` ${spec.value}`}`,
      spec.byDefault === undefined ? spec.help : `${spec.help} (default: ${spec.byDefault})`,
    );
    command.addOption(option);
  }
  return command;
}

/**
 * The values of `table`: from the command line, else from the file that `--config` names, else the defaults.
 * @throws {UsageError} that names the flag or key which is wrong.
 */
export function readOptions<T extends OptionTable>(command: Command, table: T): OptionValues<T> {
  const given = givenOptions(command);
  const file = typeof given["config"] === "string" ? readConfig(given["config"], table) : {};
  const merged = { ...file, ...given };
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(table)) {
    const result = v.safeParse(spec.schema, merged[name]);
    if (!result.success) {
      const where = name in given ? `--${name}` : `"${name}" in ${String(given["config"])}`;
      throw new UsageError(
        `${where} ${result.issues[0].message}${merged[name] === undefined ? "" : `, not ${JSON.stringify(merged[name])}`}`,
      );
    }
    values[name] = result.output;
  }
  return values as OptionValues<T>;
}

function givenOptions(command: Command): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const option of command.options) {
    const attribute = option.attributeName();
    if (command.getOptionValueSource(attribute) === "cli") given[option.name()] = command.getOptionValue(attribute);
  }
  return given;
}

function readConfig(path: string, table: OptionTable): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--config: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new UsageError(`--config: ${path} holds no JSON object`);
  const known = Object.keys(table).filter((name) => name !== "config");
  for (const key of Object.keys(json)) {
    if (!known.includes(key))
      throw new UsageError(`--config: ${path} has the unknown key "${key}"${nearest(key, known)}`);
  }
  return json as Record<string, unknown>;
}

/** ` (did you mean x?)` for the nearest of `known`, or nothing. */
export function nearest(word: string, known: readonly string[]): string {
  let best = "";
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best === "" ? "" : ` (did you mean ${best}?)`;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}

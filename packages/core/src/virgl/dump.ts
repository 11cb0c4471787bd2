import { asciiTextOfDwords } from "../wire/index.js";
import { commandName, COMMAND_TABLE, OBJECT_TABLE } from "./command-table.js";
import { defaultCommandSet, type CommandSet } from "./command-set.js";
import { doubleText, fieldText, floatText } from "./dump-fields.js";
import { COMMAND_LAYOUTS, OBJECT_LAYOUTS, RAW_LAYOUT, type Layout, type LayoutField } from "./dump-layouts.js";
import * as p from "./protocol/index.js";

/** What a dump shows, and by which commands it judges (`set`, default: all that are implemented). */
export interface DumpOptions {
  /** Shader texts on lines of their own. Default true. */
  readonly shaders?: boolean;
  /** Data values shown per command. Default 8. */
  readonly maxValues?: number;
  readonly set?: CommandSet;
}

/**
 * Lists `dw[start, end)` in words: one line per command with offset, name and decoded fields. Takes any input: a command
 * that the decoder would refuse is listed with the reason, and one that cannot be framed ends the list.
 */
export function dumpStream(
  dw: Uint32Array,
  start: number,
  end: number,
  write: (line: string) => void,
  options: DumpOptions = {},
): void {
  const set = options.set ?? defaultCommandSet;
  let at = start;
  while (at < end) {
    const header = dw[at]!;
    const command = p.headerCommand(header);
    const len = p.headerLengthDwords(header);
    const prefix = `${String(at - start).padStart(7)}  `;
    if (command >= COMMAND_TABLE.length) {
      write(`${prefix}unknown command ${command}, header 0x${header.toString(16).padStart(8, "0")}`);
      return;
    }
    if (at + len >= end) {
      write(`${prefix}${shortName(header)}  payload of ${len} dwords runs past the end (${end - at - 1} left)`);
      return;
    }
    const refusal = refusalOf(header, len, set);
    const fields = describe(dw, at, len, options.maxValues ?? 8);
    write(`${prefix}${shortName(header).padEnd(30)}  ${fields}${refusal === "" ? "" : `  !! ${refusal}`}`.trimEnd());
    if (options.shaders !== false) writeShader(dw, at, len, write);
    at += len + 1;
  }
}

function shortName(header: number): string {
  const name = commandName(p.headerCommand(header)).replace("VIRGL_CCMD_", "");
  const type = p.headerObjectType(header);
  if (type === 0) return name;
  const object = OBJECT_TABLE[type]?.name.replace(/^.*\((.*)\)$/, "$1") ?? `type ${type}`;
  return `${name.replace("_OBJECT", "")} ${object}`;
}

function refusalOf(header: number, len: number, set: CommandSet): string {
  const command = p.headerCommand(header);
  if (!set.commandRows.acceptsLength(command, len)) return `bad length ${len}`;
  if (set.commands[command]!.status === "refused") return "not offered";
  if (command !== p.VIRGL_CCMD_CREATE_OBJECT) return "";
  const type = p.headerObjectType(header);
  if (!set.offersObject(type)) return "object type not offered";
  return set.objectRows.acceptsLength(type, len) ? "" : `bad length ${len}`;
}

function layoutOf(header: number): Layout {
  const command = p.headerCommand(header);
  if (command === p.VIRGL_CCMD_CREATE_OBJECT) return OBJECT_LAYOUTS[p.headerObjectType(header)] ?? RAW_LAYOUT;
  return COMMAND_LAYOUTS[command] ?? RAW_LAYOUT;
}

function describe(dw: Uint32Array, at: number, len: number, maxValues: number): string {
  const layout = layoutOf(dw[at]!);
  const words: string[] = [];
  const end = at + len + 1;
  let next = appendFields(dw, at + 1, end, layout.fields, words);
  let shown = 0;
  while (layout.repeat.length > 0 && next < end && shown < maxValues) {
    const group: string[] = [];
    next = appendFields(dw, next, end, layout.repeat, group);
    words.push(layout.repeat.length === 1 ? group.join(" ") : `[${group.join(" ")}]`);
    shown++;
  }
  if (next < end) words.push(dataText(dw, next, end, layout, maxValues));
  return words.join(" ");
}

function appendFields(
  dw: Uint32Array,
  from: number,
  end: number,
  fields: readonly LayoutField[],
  words: string[],
): number {
  let at = from;
  for (const { name, kind } of fields) {
    if (at >= end) break;
    if (kind === "f64") {
      words.push(`${name}=${at + 1 < end ? doubleText(dw[at]!, dw[at + 1]!) : "?"}`);
      at += 2;
    } else {
      words.push(`${name}=${fieldText(kind, dw[at]!)}`);
      at++;
    }
  }
  return Math.min(at, end);
}

function dataText(dw: Uint32Array, from: number, end: number, layout: Layout, maxValues: number): string {
  const count = end - from;
  if (layout.data === "text") return JSON.stringify(asciiTextOfDwords(dw, from, count * 4));
  if (layout.data === "shader") return `${count} dwords of text`;
  if (layout.data === "bytes") return `${count * 4} bytes`;
  if (layout.data === "words" && allZero(dw, from, end)) return `${count} zero dwords`;
  const values: string[] = [];
  for (let i = from; i < Math.min(end, from + maxValues); i++) {
    values.push(layout.data === "floats" ? floatText(dw[i]!) : `0x${dw[i]!.toString(16)}`);
  }
  const more = count > maxValues ? ` … ${count} in all` : "";
  return `{${values.join(" ")}${more}}`;
}

function allZero(dw: Uint32Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (dw[i] !== 0) return false;
  return true;
}

function writeShader(dw: Uint32Array, at: number, len: number, write: (line: string) => void): void {
  const header = dw[at]!;
  if (p.headerCommand(header) !== p.VIRGL_CCMD_CREATE_OBJECT) return;
  if (p.headerObjectType(header) !== p.VIRGL_OBJECT_SHADER || len < p.VIRGL_OBJ_SHADER_HDR_SIZE(0)) return;
  const outputs =
    dw[at + p.VIRGL_OBJ_SHADER_TYPE] === p.PIPE_SHADER_COMPUTE ? 0 : dw[at + p.VIRGL_OBJ_SHADER_SO_NUM_OUTPUTS]!;
  const first = p.VIRGL_OBJ_SHADER_HDR_SIZE(outputs) + 1;
  if (first > len) return;
  const text = asciiTextOfDwords(dw, at + first, (len + 1 - first) * 4);
  for (const line of text.split("\n")) if (line !== "") write(`         | ${line}`);
}

import { GL_OP_LAYOUTS, type GlArgLayout } from "./layout.js";

const floatScratch = new Float32Array(1);
const wordScratch = new Uint32Array(floatScratch.buffer);

function valueText(kind: string, word: number): string {
  switch (kind) {
    case "f32":
      wordScratch[0] = word;
      return String(floatScratch[0]);
    case "i32":
      return String(word | 0);
    case "bool":
      return word === 0 ? "false" : "true";
    case "enum":
      return `0x${word.toString(16)}`;
    default:
      return String(word);
  }
}

function argText(words: Uint32Array, start: number, arg: GlArgLayout): string {
  const at = start + arg.at;
  if (arg.kind === "data") {
    const offset = words[at + 1]! + words[at + 2]! * 2 ** 32;
    return `${arg.name}=segment ${words[at]!} +${offset} ${words[at + 3]!} bytes`;
  }
  const values: string[] = [];
  for (let index = 0; index < arg.values; index++) values.push(valueText(arg.kind, words[at + index]!));
  return `${arg.name}=${arg.values === 1 ? values[0]! : `[${values.join(", ")}]`}`;
}

/** The op that starts at `words[start]`, as text (`bindBuffer(target=0x8892, buffer=3)`); for logs and tests. */
export function glOpText(words: Uint32Array, start: number): string {
  const layout = GL_OP_LAYOUTS[(words[start] ?? 0) - 1];
  if (layout === undefined) return `unknown opcode ${words[start] ?? "past the end"}`;
  return `${layout.row.name}(${layout.args.map((arg) => argText(words, start, arg)).join(", ")})`;
}

/** Every op in `words[0..count)`, one text each; stops after an unknown opcode. */
export function glOpsText(words: Uint32Array, count: number): string[] {
  const lines: string[] = [];
  let at = 0;
  while (at < count) {
    lines.push(glOpText(words, at));
    const layout = GL_OP_LAYOUTS[words[at]! - 1];
    if (layout === undefined) break;
    at += layout.lengthWords;
  }
  return lines;
}

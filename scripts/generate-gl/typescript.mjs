// The TypeScript outputs of generate-gl.mjs.

const BANNER = "// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.\n";

/** Parameter names and the statements that store one argument. */
function storesOf(arg) {
  const word = (offset) => (offset === 0 ? "at" : `at + ${offset}`);
  if (arg.kind === "data") {
    const names = [`${arg.name}Segment`, `${arg.name}OffsetBytes`, `${arg.name}LengthBytes`];
    return {
      params: names.map((name) => `${name}: number`),
      stores: [
        `words[${word(arg.at)}] = ${names[0]};`,
        `words[${word(arg.at + 1)}] = ${names[1]};`,
        `words[${word(arg.at + 2)}] = ${names[1]} / 4294967296;`,
        `words[${word(arg.at + 3)}] = ${names[2]};`,
      ],
    };
  }
  const names = arg.values === 1 ? [arg.name] : Array.from({ length: arg.values }, (_, index) => `${arg.name}${index}`);
  const type = arg.kind === "bool" ? "boolean" : "number";
  // Long lists are lists of draw buffers and attachments: most callers need few.
  const initial = arg.values > 4 ? " = 0" : `: ${type}`;
  return {
    params: names.map((name, index) => (index === 0 ? `${name}: ${type}` : `${name}${initial}`)),
    stores: names.map((name, index) => {
      const at = word(arg.at + index);
      if (arg.kind === "f32") return `this.floats[${at}] = ${name};`;
      if (arg.kind === "bool") return `words[${at}] = ${name} ? 1 : 0;`;
      return `words[${at}] = ${name};`;
    }),
  };
}

function methodSource(layout) {
  const { row } = layout;
  const parts = layout.args.map(storesOf);
  const entry = row.entry.split("|")[0];
  const notes = [row.doc, entry === "" ? "" : `\`${entry}\`.`, row.since === "3.0" ? "" : `Since ${row.since}.`].filter(
    Boolean,
  );
  const params = parts.flatMap((part) => part.params).join(", ");
  const stores = parts.flatMap((part) => part.stores);
  const lines = [`  /** ${notes.join(" ")} */`, `  ${row.name}(${params}): void {`];
  lines.push(`    const at = this.take(${layout.lengthWords});`);
  if (stores.some((store) => store.startsWith("words")))
    lines.push("    const words = this.words;", `    words[at] = ${layout.opcode};`);
  else lines.push(`    this.words[at] = ${layout.opcode};`);
  for (const store of stores) lines.push(`    ${store}`);
  lines.push("  }");
  return lines.join("\n");
}

export function encoderSource(layouts) {
  return `${BANNER}import { GlBatch } from "../batch.js";

/** One method per op: stores its words into the batch. \`length\` is in words of \`take\`. */
export class GlOpEncoder extends GlBatch {
${layouts.map(methodSource).join("\n\n")}
}
`;
}

export function constantsSource(registry) {
  const rows = registry.constants.map(([name, value]) => {
    const key = name.slice(3);
    return `  ${/^\d/.test(key) ? `"${key}"` : key}: 0x${value.toString(16)},`;
  });
  return `${BANNER}
/** GL constants by their names without \`GL_\`: GLES 3.2, extensions that we use, and a few of desktop GL. */
export const GL = {
${rows.join("\n")}
} as const;
`;
}

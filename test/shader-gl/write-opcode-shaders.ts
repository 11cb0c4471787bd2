/** Writes the golden inputs `op-*.tgsi` from the opcode table. Run by scripts/update-goldens.mjs. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN_FOLDER } from "./goldens.js";
import type { ProgramKey } from "@virtgpu/core/shader";
import {
  fragmentText,
  opcodeFileName,
  textureDeclarations,
  textureFileName,
  vertexText,
  type DrawnCase,
} from "./opcode-program.js";
import { OPCODE_CASES } from "./opcodes.js";
import { TEXTURE_CASES } from "./texture-cases.js";

interface Input {
  readonly name: string;
  readonly drawn: DrawnCase;
  readonly key: Partial<ProgramKey>;
  readonly version: number;
}

const inputs: Input[] = [
  ...OPCODE_CASES.map((opcode) => ({ name: opcodeFileName(opcode), drawn: opcode, key: {}, version: 300 })),
  ...TEXTURE_CASES.map(({ name, lines, target, kind, key, version }) => ({
    name: textureFileName(name),
    drawn: { name, lines, declarations: textureDeclarations(target, kind) },
    key: key ?? {},
    version,
  })),
];

const names = new Set(inputs.map((input) => input.name));
for (const file of readdirSync(GOLDEN_FOLDER)) {
  const name = file.split(".")[0] ?? "";
  if (name.startsWith("op-") && !names.has(name)) rmSync(join(GOLDEN_FOLDER, file));
}
for (const { name, drawn, key, version } of inputs) {
  writeFileSync(join(GOLDEN_FOLDER, `${name}.tgsi`), vertexText(drawn) + fragmentText(drawn));
  // Results are compared as words: both colour buffers are unsigned.
  const options = {
    key: { colorCount: 2, colorTypes: 10, points: true, pointSizeFromState: true, ...key },
    ...(version === 300 ? {} : { target: { version } }),
  };
  writeFileSync(join(GOLDEN_FOLDER, `${name}.options.json`), `${JSON.stringify(options)}\n`);
}

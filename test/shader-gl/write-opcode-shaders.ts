/** Writes the golden inputs `op-*.tgsi` from the opcode table. Run by scripts/update-goldens.mjs. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GOLDEN_FOLDER } from "./goldens.js";
import { fragmentText, opcodeFileName, vertexText } from "./opcode-program.js";
import { OPCODE_CASES } from "./opcodes.js";

const names = new Set(OPCODE_CASES.map(opcodeFileName));
for (const file of readdirSync(GOLDEN_FOLDER)) {
  const name = file.split(".")[0] ?? "";
  if (name.startsWith("op-") && !names.has(name)) rmSync(join(GOLDEN_FOLDER, file));
}
for (const opcode of OPCODE_CASES) {
  writeFileSync(join(GOLDEN_FOLDER, `${opcodeFileName(opcode)}.tgsi`), vertexText(opcode) + fragmentText(opcode));
  // Results are compared as words: both colour buffers are unsigned.
  const options = { key: { colorCount: 2, colorTypes: 10, points: true, pointSizeFromState: true } };
  writeFileSync(join(GOLDEN_FOLDER, `${opcodeFileName(opcode)}.options.json`), `${JSON.stringify(options)}\n`);
}

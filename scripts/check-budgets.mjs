// File budgets: TypeScript files have a median of at most 200 lines and none has more than 800. Function lengths are
// the linter's (max-lines-per-function).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, root } from "./lib/run.mjs";

const MEDIAN_LINES = 200;
const MAX_LINES = 800;

const listed = capture("git", [
  "ls-files",
  "--cached",
  "--others",
  "--exclude-standard",
  "*.ts",
  "*.mjs",
  "*.c",
  "*.h",
]);
const lengths = [];
for (const file of listed.stdout.split("\n")) {
  if (file === "" || file.includes("generated/")) continue;
  let text;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch {
    continue; // removed, not yet committed
  }
  lengths.push({ file, lines: text.split("\n").length - 1 });
}
lengths.sort((a, b) => a.lines - b.lines);
const median = lengths[lengths.length >> 1]?.lines ?? 0;
const tooLong = lengths.filter(({ lines }) => lines > MAX_LINES);
console.log(`${lengths.length} files, median ${median} lines, longest ${lengths.at(-1)?.lines ?? 0}`);
for (const { file, lines } of tooLong) console.error(`${file}: ${lines} lines, more than ${MAX_LINES}`);
if (median > MEDIAN_LINES) console.error(`the median file has ${median} lines, more than ${MEDIAN_LINES}`);
process.exitCode = tooLong.length > 0 || median > MEDIAN_LINES ? 1 : 0;

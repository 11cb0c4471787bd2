/**
 * One run of the property "GL reads and writes exactly the bytes that were checked", in a process of its own, as a byte too many ends it:
 * `node program.js ops|transfers|huge gles|gl SEED CASES [JOURNAL]`. Prints a report as JSON on the last line. JOURNAL: a file that holds
 * the case under way, for whoever finds this process dead. What it does depends on its arguments and the driver, not on time.
 */
import { checkHugeStrides } from "./huge-check.js";
import { Journal } from "./journal.js";
import { OpCheck } from "./op-check.js";
import { TransferCheck } from "./transfer-check.js";

const [level = "ops", apiName = "gles", seed = "1", cases = "1000", journalPath = ""] = process.argv.slice(2);
const api = apiName === "gl" ? "gl" : "gles";
const journal = new Journal(journalPath);

function main(): number {
  if (level === "huge") {
    const moved = checkHugeStrides(api);
    console.log(JSON.stringify({ moved }));
    return 0;
  }
  const Check = level === "ops" ? OpCheck : TransferCheck;
  const check = new Check(api, Number(seed), journal);
  for (let done = 0; done < Number(cases); done++) {
    try {
      check.step();
    } catch (error) {
      console.error(`case ${done} of seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      return 1;
    }
  }
  console.log(JSON.stringify(check.report()));
  check.destroy();
  return 0;
}

process.exitCode = main();
journal.close();

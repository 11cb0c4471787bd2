/**
 * One run of the property "GL reads and writes exactly the bytes that were checked", in a process of its own, as a byte too many ends it:
 * `node program.js ops|transfers|huge gles|gl SEED STEPS [JOURNAL [all]]`: a step is one op, or one to four transfers whose ops may run
 * together. Prints a report as JSON on the last line. JOURNAL: a file that
 * holds the case under way, for whoever finds this process dead; "": none. It ends with the first finding, or, with `all`, goes on. What it
 * does depends on its arguments and the driver, not on time.
 */
import { checkHugeStrides } from "./huge-check.js";
import { Journal } from "./journal.js";
import { OpCheck } from "./op-check.js";
import { TransferCheck } from "./transfer-check.js";

const [level = "ops", apiName = "gles", seed = "1", steps = "1000", journalPath = "", goOn = ""] =
  process.argv.slice(2);
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
  let findings = 0;
  for (let done = 0; done < Number(steps); done++) {
    try {
      check.step();
    } catch (error) {
      console.error(`step ${done} of seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
      findings++;
      if (goOn !== "all") return 1;
    }
  }
  console.log(JSON.stringify(check.report()));
  check.destroy();
  return findings === 0 ? 0 : 1;
}

process.exitCode = main();
journal.close();

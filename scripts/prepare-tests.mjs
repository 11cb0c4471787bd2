// What tests need beyond set-up and would otherwise fetch or build in the middle of one, within its time limit, or in two at a time: Mesa 25
// and the sanitized addon.
// Failing is not fatal: the tests that need it say so themselves.
import { isMesa25Unpacked, mesa25Environment, mesa25Refusal } from "../test/dist/mesa25/mesa25.js";
import { buildSanitizedAddon } from "../test/dist/sanitized/sanitizer.js";

const refusal = mesa25Refusal();
if (refusal !== null) console.log(`Mesa 25 is not unpacked: ${refusal}`);
else if (!isMesa25Unpacked()) await unpack();
build();

function build() {
  try {
    buildSanitizedAddon();
  } catch (error) {
    console.error(`the sanitized addon is not built: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function unpack() {
  console.log("unpacking Mesa 25 for the tests of zero copy (some 60 MB, once)");
  try {
    await mesa25Environment();
  } catch (error) {
    console.error(`Mesa 25 could not be unpacked: ${error instanceof Error ? error.message : String(error)}`);
  }
}

// `npm run fix`: formats, applies the linter's safe fixes, and writes the generated files anew.
import { must, tool } from "./lib/run.mjs";

must(process.execPath, ["scripts/generate.mjs"]);
must(tool("oxlint"), ["--fix", "--quiet"]);
must(tool("oxfmt"), []);

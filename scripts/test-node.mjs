// `npm run test:node -- 24`: the same tests under another Node, taken from npm's `node` package.
import { must } from "./lib/run.mjs";

const [version, ...words] = process.argv.slice(2);
if (version === undefined || !/^\d+(\.\d+){0,2}$/.test(version)) {
  console.error("usage: npm run test:node -- VERSION [WORD...]    e.g. npm run test:node -- 24");
  process.exit(2);
}
must(process.execPath, ["scripts/setup.mjs"]);
must("npx", ["--yes", "--package", `node@${version}`, "node", "scripts/test.mjs", ...words]);

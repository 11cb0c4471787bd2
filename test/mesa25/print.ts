/** By hand: `eval "$(node test/dist/mesa25/print.js)"`, or `node test/dist/mesa25/print.js COMMAND…`. */
import { main } from "./mesa25.js";

await main(process.argv.slice(2));

// `npm run demo`. The work is in test/e2e/demo.ts, which shares the end-to-end harness; "predemo" has built it.
import "../test/dist/e2e/demo.js";

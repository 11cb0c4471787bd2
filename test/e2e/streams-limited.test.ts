/** Streams of whole programs on both servers; see streams.ts. */
import { testStreams } from "./streams.js";
import { LIMITED_HOST } from "./variants.js";

testStreams(LIMITED_HOST, "c--o-");

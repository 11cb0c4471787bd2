/** `node planted-program.js KIND [SEGMENT_BYTES]`: plants a fault of addon/planted-faults.c at the end of a segment, as tests make segments. */
import { addon } from "virtgpu/native";

const [kind = "", bytes = "4096"] = process.argv.slice(2);
const segment = new Uint8Array(Number(bytes));
addon().glRegisterSegment(1, segment);
addon().plantFault!(kind, 1, segment.length);
console.log("alive");

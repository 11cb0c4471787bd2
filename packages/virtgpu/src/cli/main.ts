#!/usr/bin/env node
/** `virtgpu`: reads the command line and runs one verb. */
import { runCli } from "./program.js";

process.exitCode = await runCli(process.argv.slice(2));

#!/usr/bin/env node
/** `virtgpu-test-server`: stands in for virgl_test_server in scripts that call it by its flags. */
import { runTestServer } from "./test-server-program.js";

process.exitCode = await runTestServer(process.argv.slice(2));

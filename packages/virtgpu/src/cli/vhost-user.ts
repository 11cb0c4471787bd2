#!/usr/bin/env node
/** `vhost-user-virtgpu`: what QEMU and libvirt start. */
import { runVhostUser } from "./vhost-user-program.js";

process.exitCode = await runVhostUser(process.argv.slice(2));

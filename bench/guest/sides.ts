/** The devices that are compared, as machines that stand ready. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BackEndCommand } from "#guest/back-end.js";
import { ourBackEnd, prepareMachine, referenceBackEnd } from "#guest/guests.js";
import { PeerScreen } from "#guest/peer.js";
import { prepareProgram } from "#guest/programs.js";
import { prepareUserland, USERLAND_2D, virglUserland } from "#guest/userland.js";
import { Vm } from "./vm.js";

export interface Pair {
  readonly ours: Vm;
  readonly peer: Vm;
  /** Our device's control socket. */
  readonly control: string;
  readonly close: () => Promise<void>;
}

/** Ours with `--virgl` beside QEMU's in-process `virtio-gpu-gl-pci`: the same kernel, the same image. */
export async function pair3d(): Promise<Pair> {
  const machine = prepareMachine();
  const programs = [prepareProgram("only-mode")];
  const common = { ...machine, userland: prepareUserland(virglUserland("bookworm")), programs };
  const screen = await PeerScreen.start();
  const ours = await ourVm(common, "--virgl");
  const peer = await Vm.boot("peer", { ...common, ...screen.bootOptions("gtk") });
  const close = async (): Promise<void> => {
    await ours.close();
    await peer.end();
    await screen.close();
  };
  return { ...ours, peer, close };
}

/** Ours without 3D beside QEMU's `vhost-user-gpu`. */
export async function pair2d(): Promise<Pair> {
  const machine = prepareMachine();
  const programs = [prepareProgram("kms-paint")];
  const common = { ...machine, userland: prepareUserland(USERLAND_2D), programs };
  const ours = await ourVm(common);
  const peer = await Vm.boot("peer", { ...common, backEnd: referenceBackEnd(machine.qemu) });
  const close = async (): Promise<void> => {
    await ours.close();
    await peer.end();
  };
  return { ...ours, peer, close };
}

type Common = Omit<Parameters<typeof Vm.boot>[1], "backEnd">;

async function ourVm(common: Common, ...flags: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-bench-"));
  const control = join(folder, "control.sock");
  const backEnd: BackEndCommand = ourBackEnd(`--control=${control}`, ...flags);
  const ours = await Vm.boot("ours", { ...common, backEnd });
  const close = async (): Promise<void> => {
    await ours.end();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ours, control, close };
}

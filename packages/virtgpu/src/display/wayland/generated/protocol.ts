// Made by scripts/generate-wayland.mjs from the protocol XML of libwayland-dev and wayland-protocols. Do not edit.
// A row is [opcode, argument types] and, where the message ends its object, true. Types: i int, u uint, f fixed, s string, o object,
// n new_id, a array, h descriptor; a new_id without an interface is `sun`.

export const wl_display = {
  name: "wl_display",
  version: 1,
  requests: {
    sync: [0, "n"],
    get_registry: [1, "n"],
  },
  events: {
    error: [0, "ous"],
    delete_id: [1, "u"],
  },
  enums: {
    error: { invalid_object: 0, invalid_method: 1, no_memory: 2, implementation: 3 },
  },
} as const;

export const wl_registry = {
  name: "wl_registry",
  version: 1,
  requests: {
    bind: [0, "usun"],
  },
  events: {
    global: [0, "usu"],
    global_remove: [1, "u"],
  },
} as const;

export const wl_callback = {
  name: "wl_callback",
  version: 1,
  requests: {
  },
  events: {
    done: [0, "u", true],
  },
} as const;

export const wl_compositor = {
  name: "wl_compositor",
  version: 4,
  requests: {
    create_surface: [0, "n"],
    create_region: [1, "n"],
  },
  events: {
  },
} as const;

export const wl_surface = {
  name: "wl_surface",
  version: 4,
  requests: {
    destroy: [0, "", true],
    attach: [1, "oii"],
    damage: [2, "iiii"],
    frame: [3, "n"],
    set_opaque_region: [4, "o"],
    set_input_region: [5, "o"],
    commit: [6, ""],
    set_buffer_transform: [7, "i"],
    set_buffer_scale: [8, "i"],
    damage_buffer: [9, "iiii"],
  },
  events: {
    enter: [0, "o"],
    leave: [1, "o"],
  },
} as const;

export const wl_shm = {
  name: "wl_shm",
  version: 1,
  requests: {
    create_pool: [0, "nhi"],
  },
  events: {
    format: [0, "u"],
  },
} as const;

export const wl_shm_pool = {
  name: "wl_shm_pool",
  version: 1,
  requests: {
    create_buffer: [0, "niiiiu"],
    destroy: [1, "", true],
    resize: [2, "i"],
  },
  events: {
  },
} as const;

export const wl_buffer = {
  name: "wl_buffer",
  version: 1,
  requests: {
    destroy: [0, "", true],
  },
  events: {
    release: [0, ""],
  },
} as const;

export const wl_seat = {
  name: "wl_seat",
  version: 5,
  requests: {
    get_pointer: [0, "n"],
    get_keyboard: [1, "n"],
    get_touch: [2, "n"],
    release: [3, "", true],
  },
  events: {
    capabilities: [0, "u"],
    name: [1, "s"],
  },
  enums: {
    capability: { pointer: 1, keyboard: 2, touch: 4 },
  },
} as const;

export const wl_pointer = {
  name: "wl_pointer",
  version: 5,
  requests: {
    set_cursor: [0, "uoii"],
    release: [1, "", true],
  },
  events: {
    enter: [0, "uoff"],
    leave: [1, "uo"],
    motion: [2, "uff"],
    button: [3, "uuuu"],
    axis: [4, "uuf"],
    frame: [5, ""],
    axis_source: [6, "u"],
    axis_stop: [7, "uu"],
    axis_discrete: [8, "ui"],
  },
} as const;

export const wl_output = {
  name: "wl_output",
  version: 2,
  requests: {
  },
  events: {
    geometry: [0, "iiiiissi"],
    mode: [1, "uiii"],
    done: [2, ""],
    scale: [3, "i"],
  },
} as const;

export const xdg_wm_base = {
  name: "xdg_wm_base",
  version: 4,
  requests: {
    destroy: [0, "", true],
    create_positioner: [1, "n"],
    get_xdg_surface: [2, "no"],
    pong: [3, "u"],
  },
  events: {
    ping: [0, "u"],
  },
} as const;

export const xdg_surface = {
  name: "xdg_surface",
  version: 4,
  requests: {
    destroy: [0, "", true],
    get_toplevel: [1, "n"],
    get_popup: [2, "noo"],
    set_window_geometry: [3, "iiii"],
    ack_configure: [4, "u"],
  },
  events: {
    configure: [0, "u"],
  },
} as const;

export const xdg_toplevel = {
  name: "xdg_toplevel",
  version: 4,
  requests: {
    destroy: [0, "", true],
    set_parent: [1, "o"],
    set_title: [2, "s"],
    set_app_id: [3, "s"],
    show_window_menu: [4, "ouii"],
    move: [5, "ou"],
    resize: [6, "ouu"],
    set_max_size: [7, "ii"],
    set_min_size: [8, "ii"],
    set_maximized: [9, ""],
    unset_maximized: [10, ""],
    set_fullscreen: [11, "o"],
    unset_fullscreen: [12, ""],
    set_minimized: [13, ""],
  },
  events: {
    configure: [0, "iia"],
    close: [1, ""],
    configure_bounds: [2, "ii"],
  },
  enums: {
    state: { maximized: 1, fullscreen: 2, resizing: 3, activated: 4, tiled_left: 5, tiled_right: 6, tiled_top: 7, tiled_bottom: 8 },
  },
} as const;

export const zwp_linux_dmabuf_v1 = {
  name: "zwp_linux_dmabuf_v1",
  version: 4,
  requests: {
    destroy: [0, "", true],
    create_params: [1, "n"],
    get_default_feedback: [2, "n"],
    get_surface_feedback: [3, "no"],
  },
  events: {
    format: [0, "u"],
    modifier: [1, "uuu"],
  },
} as const;

export const zwp_linux_buffer_params_v1 = {
  name: "zwp_linux_buffer_params_v1",
  version: 4,
  requests: {
    destroy: [0, "", true],
    add: [1, "huuuuu"],
    create: [2, "iiuu"],
    create_immed: [3, "niiuu"],
  },
  events: {
    created: [0, "n"],
    failed: [1, ""],
  },
} as const;

export const zwp_linux_dmabuf_feedback_v1 = {
  name: "zwp_linux_dmabuf_feedback_v1",
  version: 4,
  requests: {
    destroy: [0, "", true],
  },
  events: {
    done: [0, ""],
    format_table: [1, "hu"],
    main_device: [2, "a"],
    tranche_done: [3, ""],
    tranche_target_device: [4, "a"],
    tranche_formats: [5, "a"],
    tranche_flags: [6, "u"],
  },
} as const;

export const wp_presentation = {
  name: "wp_presentation",
  version: 1,
  requests: {
    destroy: [0, "", true],
    feedback: [1, "on"],
  },
  events: {
    clock_id: [0, "u"],
  },
} as const;

export const wp_presentation_feedback = {
  name: "wp_presentation_feedback",
  version: 1,
  requests: {
  },
  events: {
    sync_output: [0, "o"],
    presented: [1, "uuuuuuu", true],
    discarded: [2, "", true],
  },
} as const;

export const wp_viewporter = {
  name: "wp_viewporter",
  version: 1,
  requests: {
    destroy: [0, "", true],
    get_viewport: [1, "no"],
  },
  events: {
  },
} as const;

export const wp_viewport = {
  name: "wp_viewport",
  version: 1,
  requests: {
    destroy: [0, "", true],
    set_source: [1, "ffff"],
    set_destination: [2, "ii"],
  },
  events: {
  },
} as const;

#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[4];
};
layout(location = 0) out vec4 frag0;
void main() {
  vec4 in0;
  vec4 out0;
  vec4 t0;
  ivec4 addr0;
  in0 = gl_FragCoord;
  addr0.x = int(floor(in0.x));
  t0 = fs_c0[clamp(addr0.x + 1, 0, 3)];
  out0 = t0 + fs_c0[3];
  frag0 = out0;
}

#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  vec4 fs_c0[2];
};
layout(location = 0) out vec4 frag0;
void main() {
  vec4 out0;
  out0 = fs_c0[1] * vec4(fs_c0[0].x);
  frag0 = out0;
}
